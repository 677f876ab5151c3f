"""Act: so we decided."""
