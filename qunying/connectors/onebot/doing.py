"""What an order becomes on OneBot: one function an action."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.connectors.onebot.hearing import message_id, number_of
from qunying.connectors.onebot.pacing import take_turn
from qunying.ground.platforms.port import Action, Done, RefusedError
from qunying.kit.told import part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qunying.connectors.onebot.client import Client
    from qunying.ground.platforms.port import Order

_FOR_LONG = 30 * 24 * 3600
"""Seconds somebody is muted where nobody said: the longest QQ knows."""
_LONGEST_REASON = 80


def say(client: Client, order: Order) -> Done:
    """Words and pictures into a group, as one message, when it is this account's turn."""
    pieces: list[dict[str, Any]] = []
    if order.subject:
        pieces.append({"type": "reply", "data": {"id": order.subject}})
    if order.words:
        pieces.append({"type": "text", "data": {"text": order.words}})
    for picture in order.pictures:
        data = base64.b64encode(picture.content).decode()
        pieces.append({"type": "image", "data": {"file": f"base64://{data}"}})
    if not order.words and not order.pictures:
        raise RefusedError(_("There is nothing to send: neither words nor a picture."))
    group = _number(order.group)
    take_turn(client.account)
    told = client.ask("send_group_msg", group_id=group, message=pieces)
    return Done(message_id(part(told).get("message_id")))


def _number(told: str) -> int:
    number = number_of(told)
    if not number:
        raise RefusedError(_("“%(number)s” is no QQ number.") % {"number": told})
    return int(number)


def withdraw(client: Client, order: Order) -> Done:
    """Take a message back."""
    client.ask("delete_msg", changes=False, message_id=_id(order.subject))
    return Done()


def pin(client: Client, order: Order) -> Done:
    """Put a message among the group's best ones, which is what QQ has for keeping it in sight."""
    client.ask("set_essence_msg", changes=False, message_id=_id(order.subject))
    return Done(order.subject)


def _id(told: str) -> int:
    if not told.removeprefix("-").isdecimal() or not told.isascii():
        raise RefusedError(_("“%(number)s” is no message of QQ.") % {"number": told})
    return int(told)


def mute(client: Client, order: Order) -> Done:
    """Let somebody read but not speak, for `options["seconds"]` or thirty days; or let them speak again."""
    seconds = order.options.get("seconds")
    span = min(seconds, _FOR_LONG) if isinstance(seconds, int) and seconds > 0 else _FOR_LONG
    given = {"group_id": _number(order.group), "user_id": _number(order.person)}
    client.ask("set_group_ban", changes=False, duration=span if order.action is Action.MUTE else 0, **given)
    return Done()


def remove(client: Client, order: Order) -> Done:
    """Remove somebody from the group; to ban is to take no request of theirs any more as well."""
    given = {"group_id": _number(order.group), "user_id": _number(order.person)}
    client.ask("set_group_kick", changes=False, reject_add_request=order.action is Action.BAN, **given)
    return Done()


def answer_request(client: Client, order: Order) -> Done:
    """Let somebody in who asks (`subject` is the request's flag), or turn them away with the words as the reason."""
    admits = order.action is Action.ADMIT
    given = {"flag": order.subject, "sub_type": str(order.options.get("sort") or "add"), "approve": admits}
    reason = {} if admits else {"reason": order.words[:_LONGEST_REASON]}
    client.ask("set_group_add_request", changes=False, **given, **reason)
    return Done()


DOERS: Mapping[Action, Callable[[Client, Order], Done]] = {
    Action.SEND: say,
    Action.WELCOME: say,
    Action.WITHDRAW: withdraw,
    Action.PIN: pin,
    Action.MUTE: mute,
    Action.UNMUTE: mute,
    Action.REMOVE: remove,
    Action.BAN: remove,
    Action.ADMIT: answer_request,
    Action.TURN_AWAY: answer_request,
}
