"""Accounts on platforms: connecting them, their health, their groups; and what platforms allow."""
