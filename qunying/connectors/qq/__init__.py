"""QQ: an official robot that hears by webhook and speaks by its API."""
