"""People, the identities they act under, and what is known of them."""
