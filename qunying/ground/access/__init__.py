"""Staff, their roles in units, and what a role may do."""
