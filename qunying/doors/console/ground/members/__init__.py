"""Members: list, one."""
