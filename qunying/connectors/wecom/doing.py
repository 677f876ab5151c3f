"""What goes out: the welcome within 20 seconds, and mass messages that the owner of a group confirms."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.connectors.wecom.endpoints import WELCOME_SECONDS
from qunying.connectors.wecom.rolls import fetch_group
from qunying.ground.platforms.port import Done, RefusedError
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.connectors.wecom.client import Client
    from qunying.ground.platforms.port import Order

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


MOST_BYTES = 4000
"""What the words of a mass message or a welcome may be long, in UTF-8."""


def offer_to_group(client: Client, order: Order) -> Done:
    """Lay a message before the owner of the group, who sends it with one tap; the number of WeCom's task.

    It counts as sent only when a person has confirmed it: WeCom's answer says no more than that the task is there.
    """
    if order.pictures:
        raise RefusedError(_("Mass messages go to WeCom without pictures so far. Send this one by hand."))
    if not order.words.strip():
        raise RefusedError(_("There is nothing to send. Write some words."))
    if len(order.words.encode()) > MOST_BYTES:
        raise RefusedError(_("WeCom takes 4,000 bytes, which is about 1,300 Chinese characters. Shorten it."))
    owner = next((one.id for one in fetch_group(client, order.group).people.values() if one.role == "owner"), "")
    if not owner:
        raise RefusedError(_("WeCom names no owner of this group, who would have to confirm it."))
    told = client.ask(
        "externalcontact/add_msg_template",
        chat_type="group",
        sender=owner,
        chat_id_list=[order.group],
        text={"content": order.words},
    )
    if order.group in (told.get("fail_list") or []):
        raise RefusedError(_("WeCom does not take this group for mass messages, or it has had today's already."))
    return Done(str(told["msgid"]), awaits_person=True)
