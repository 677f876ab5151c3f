"""Importers for the files people have."""
