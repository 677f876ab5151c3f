"""Communities, their groups, and who was in them when."""
