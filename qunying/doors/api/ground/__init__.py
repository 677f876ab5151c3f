"""Routers over the ground."""
