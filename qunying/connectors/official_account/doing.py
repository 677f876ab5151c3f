"""What goes out: words to one follower within WeChat's time, and codes that tell by which channel somebody came."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.utils.translation import gettext as _

from qunying.connectors.official_account.endpoints import PICTURE_OF_CODE, SENDING
from qunying.ground.platforms.port import Done, RefusedError

if TYPE_CHECKING:
    from qunying.connectors.official_account.client import Client
    from qunying.ground.platforms.port import Order

MOST_BYTES = 2048
"""What the words of one message may be long, in UTF-8."""
MOST_SCENE = 64


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


def make_code(client: Client, order: Order) -> Done:
    """A code for good whose scene is the key of a channel (`subject`); the address of its picture.

    Asked again with the same scene WeChat gives the same code, so that it costs nothing of the 100,000 there may be.
    """
    scene = order.subject.strip()
    if not scene or len(scene) > MOST_SCENE:
        raise RefusedError(_("WeChat takes a channel's key of 1 to 64 characters. Give the channel a shorter one."))
    told = client.ask("qrcode/create", action_name="QR_LIMIT_STR_SCENE", action_info={"scene": {"scene_str": scene}})
    return Done(f"{PICTURE_OF_CODE}{quote(str(told['ticket']))}")
