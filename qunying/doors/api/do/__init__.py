"""What was carried out, for programs."""
