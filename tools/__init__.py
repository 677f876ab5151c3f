"""Small programs for developers; the Makefile calls them."""
