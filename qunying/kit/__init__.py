"""Pure helpers: no models, no database, no knowledge of the house above."""
