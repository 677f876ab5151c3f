"""Playbooks: the shelf, the chooser, the review, what was applied."""
