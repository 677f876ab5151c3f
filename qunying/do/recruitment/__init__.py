"""Channels by which people come: their links, their cost, and the pictures that let people into groups."""
