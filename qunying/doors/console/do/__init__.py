"""Pages of what is done."""
