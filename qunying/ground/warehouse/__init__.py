"""The facts again, laid out for counting."""
