"""Pages of what was carried out."""
