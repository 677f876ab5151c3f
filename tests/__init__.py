"""The tests; they mirror the package, file for file. `support` holds what they share."""
