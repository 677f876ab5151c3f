"""Word lists, and texts tried against them."""
