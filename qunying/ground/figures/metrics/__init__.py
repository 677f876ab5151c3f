"""The metrics over facts alone, one small function each."""
