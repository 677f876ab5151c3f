"""What people and keys did, sealed into a chain that shows every break."""
