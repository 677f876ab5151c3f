"""Who, where, and what happened: everything the stages stand on."""
