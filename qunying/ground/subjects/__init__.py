"""What people may ask about their own data, and how long what is kept."""
