"""Notable changes as suggestions: what was seen, what usually helps, what came of it."""
