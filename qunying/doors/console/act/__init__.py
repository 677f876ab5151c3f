"""The pages of the act stage."""
