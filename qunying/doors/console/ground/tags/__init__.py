"""The words people are sorted by."""
