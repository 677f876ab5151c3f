"""Wrappers for the job clusters; they take ids."""

from __future__ import annotations

from qunying.connectors.matrix.client import Client, path
from qunying.ground.platforms.models import Account


def accept(account_id: int, room: str) -> None:
    """Enter a room the account was invited into; an account that has gone or is paused stays outside."""
    account = Account.objects.filter(pk=account_id, paused_at=None).first()
    if account is not None:
        Client(account).post(path("join", room))
