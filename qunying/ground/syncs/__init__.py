"""What platforms tell of their groups, held against what we know: nightly rounds, differences, history."""
