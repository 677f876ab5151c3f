"""Who turned out to be one person, and who may be."""
