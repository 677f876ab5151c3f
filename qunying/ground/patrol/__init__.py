"""Looking after the installation: checks with remedies, the daily patrol, faults with their history, readiness."""
