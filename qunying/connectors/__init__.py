"""One folder for each outside platform; nobody imports a connector."""
