"""Communities and groups: list, make, change."""
