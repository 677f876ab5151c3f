"""Weekly reports a manager can sign."""
