"""What people agreed to, what may not be done with them, and who is to be forgotten."""
