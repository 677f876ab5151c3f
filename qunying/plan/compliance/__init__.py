"""Words that must not be said, or not lightly: lists of them, and texts checked against them."""
