"""What is to be said: themes with shares, entries from topic to approval, reviews bound to what was read."""
