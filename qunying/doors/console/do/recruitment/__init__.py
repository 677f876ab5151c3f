"""Pages of channels, their links, and the pictures that let people into groups."""
