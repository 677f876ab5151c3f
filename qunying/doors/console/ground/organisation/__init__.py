"""Units, staff and roles."""
