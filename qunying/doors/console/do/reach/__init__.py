"""Sendings, what became of them, and what people send by hand."""
