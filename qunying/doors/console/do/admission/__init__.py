"""Pages on people who ask to be let into a group."""
