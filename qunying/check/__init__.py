"""We saw: figures held against plans, and the reports that carry them."""
