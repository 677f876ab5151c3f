"""What the team intends."""
