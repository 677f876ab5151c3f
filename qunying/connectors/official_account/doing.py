"""What goes out: words to one follower, within the time that WeChat gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.connectors.official_account.endpoints import SENDING
from qunying.ground.platforms.port import Done, RefusedError

if TYPE_CHECKING:
    from qunying.connectors.official_account.client import Client
    from qunying.ground.platforms.port import Order

MOST_BYTES = 2048
"""What the words of one message may be long, in UTF-8."""


def tell(client: Client, order: Order) -> Done:
    """Write to one follower. WeChat gives no id, and allows it within 48 hours after they wrote, five times."""
    if order.pictures:
        raise RefusedError(_("Messages go to followers without pictures so far. Send this one by hand."))
    if not order.words.strip():
        raise RefusedError(_("There is nothing to send. Write some words."))
    if len(order.words.encode()) > MOST_BYTES:
        raise RefusedError(_("WeChat takes 2,048 bytes, which is about 680 Chinese characters. Shorten it."))
    if not order.person:
        raise RefusedError(_("Nobody is named to whom it should go."))
    client.ask(SENDING, touser=order.person, msgtype="text", text={"content": order.words})
    return Done()
