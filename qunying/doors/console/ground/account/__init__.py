"""Signing in and out, the second step, the own profile, and the language of the console."""
