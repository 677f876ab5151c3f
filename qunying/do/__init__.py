"""What was carried out."""
