"""Units held against each other and against their plans: headquarters, region, store."""
