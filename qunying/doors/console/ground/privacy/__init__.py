"""Pages for what people may ask about their data: consents, requests, retention, keys."""
