"""Overview and figures: activity, retention, funnel, lifecycle, orders."""
