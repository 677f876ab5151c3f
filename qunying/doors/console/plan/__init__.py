"""Pages of the plan stage."""
