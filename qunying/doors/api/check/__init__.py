"""Routers over the check."""
