"""The platforms identities and groups live on, accounts there, and the port for connectors."""
