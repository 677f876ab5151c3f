"""Pages of the stage check."""
