"""Facts out: every new fact is told, signed, to the programs that asked for its kind."""
