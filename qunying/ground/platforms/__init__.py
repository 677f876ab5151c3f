"""The names of the platforms identities and groups live on."""
