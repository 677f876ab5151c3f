"""Where people and programs come in: thin, and the only place that shows several stages at once."""
