"""Alerts on goals that fall behind: four levels, quiet near a limit, acknowledged by a person."""
