"""The welcome of a new contact, within 20 seconds."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.connectors.wecom.endpoints import WELCOME_SECONDS
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.connectors.wecom.client import Client

_ROOM = timedelta(seconds=2)
"""What the call itself may take."""
_log = logging.getLogger(__name__)


def welcome(client: Client, code: str, *, received_at: datetime) -> bool:
    """Welcome a new contact with the account's own words; False where that cannot be, which is no fault of theirs.

    An event carries no code where somebody welcomes already. The code works once, so that asking twice is harmless.
    """
    words = str(client.account.settings.get("welcome", "")).strip()
    over = timezone.now() > received_at + timedelta(seconds=WELCOME_SECONDS) - _ROOM
    if not words or not code or over or client.account.paused_at is not None:
        return False
    try:
        client.ask("externalcontact/send_welcome_msg", welcome_code=code, text={"content": words})
    except QunyingError as error:
        # That they came is recorded all the same; the welcome has no second chance.
        _log.warning("a new contact of account %s was not welcomed: %s", client.account.pk, error)
        return False
    return True
