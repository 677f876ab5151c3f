"""The pages of the library and of scripts."""
