"""Pages on what the ground holds."""
