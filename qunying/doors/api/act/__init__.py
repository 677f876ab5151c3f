"""Routers over the act."""
