"""The weekly report on screen and as files."""
