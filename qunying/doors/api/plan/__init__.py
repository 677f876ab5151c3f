"""Routers over the plan."""
