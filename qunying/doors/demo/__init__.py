"""The example community and the simulator that makes it."""
