"""The metric catalogue and the metrics over facts alone."""
