"""Benchmarks: they print ratios and are never timed tests. README.md says how to run them."""
