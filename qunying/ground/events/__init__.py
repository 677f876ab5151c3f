"""The log of facts, and the followers that read it."""
