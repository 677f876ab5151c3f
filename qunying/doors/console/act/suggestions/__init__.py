"""Suggestions: a queue of findings to decide on."""
