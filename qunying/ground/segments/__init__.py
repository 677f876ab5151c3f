"""Saved questions for people: who is such and did such, counted live."""
