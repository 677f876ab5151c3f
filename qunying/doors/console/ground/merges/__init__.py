"""Two members side by side, who may be one person."""
