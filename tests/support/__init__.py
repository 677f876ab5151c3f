"""The stage on which tests play: a home directory, the cast, a browser."""
