"""Marks that law wants on what is sent, spelled once."""

ADVERT_MARK = "广告"
"""What tells an advert from other information (Advertising law of the People's Republic, article 14)."""
