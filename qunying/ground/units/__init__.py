"""The organisation as a tree of units."""
