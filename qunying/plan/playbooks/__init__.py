"""Ready plans: files that are read, checked, applied to a community and taken back."""
