"""Files people upload or take away, kept by digest."""
