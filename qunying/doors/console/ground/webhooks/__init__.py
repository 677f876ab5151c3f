"""Webhooks: programs that are told of new facts."""
