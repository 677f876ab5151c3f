"""Segments: built, read, listed."""
