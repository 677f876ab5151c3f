"""Qunying 群营: plan, carry out, measure and improve online communities."""

__version__ = "0.1.0"
