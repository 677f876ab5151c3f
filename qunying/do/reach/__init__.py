"""Reach: everything that leaves for a platform or a person."""
