"""People who ask to be let into a group: heard of, answered by a person."""
