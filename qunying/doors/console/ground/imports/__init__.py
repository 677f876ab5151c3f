"""Files in: the steps from upload to report."""
