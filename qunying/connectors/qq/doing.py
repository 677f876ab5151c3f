"""What an order becomes on QQ: one function an action."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.connectors.qq.buttons import MOST, keyboard, split
from qunying.connectors.qq.client import path
from qunying.connectors.qq.openings import take_answer
from qunying.connectors.qq.refusals import AUDITED, SAME_AGAIN, QQRefusalError
from qunying.ground.platforms.port import Action, Done, RefusedError
from qunying.kit.told import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qunying.connectors.qq.client import Client
    from qunying.ground.platforms.port import Order, Picture

_TEXT, _MARKDOWN, _MEDIA = 0, 2, 7
_PICTURE = 1
_FOR_LONG = timedelta(days=30)
"""How long somebody is muted where nobody said: the longest QQ knows."""
_LONGEST_REASON = 80


def say(client: Client, order: Order) -> Done:
    """Words, with the buttons of their last line, and pictures into a group; the ids, separated by spaces."""
    text, labels = split(order.words)
    return _say(client, order, path("groups", order.group), text, labels)


def tell(client: Client, order: Order) -> Done:
    """Words and pictures to one person, who wrote to the robot or has not refused it."""
    return _say(client, order, path("users", order.person), order.words, ())


def poll(client: Client, order: Order) -> Done:
    """A question with the answers of `options["answers"]` as buttons."""
    answers = [str(one) for one in order.options.get("answers", ())]
    if not order.words or not 1 < len(answers) <= MOST:
        raise RefusedError(_("A poll has a question and 2 to %(most)d answers.") % {"most": MOST})
    return _say(client, order, path("groups", order.group), order.words, answers)


def _say(client: Client, order: Order, where: str, text: str, labels: Sequence[str]) -> Done:
    if not text and not order.pictures:
        raise RefusedError(_("There is nothing to send: neither words nor a picture."))
    contents = [_words(client, order, text, labels)] if text else []
    contents += [_picture(client, where, one) for one in order.pictures]
    place = order.person if order.action is Action.TELL else order.group
    sent = [_post(client, where, place, one, key=f"{order.key}#{at}") for at, one in enumerate(contents)]
    return Done(" ".join(filter(None, sent)))


def _words(client: Client, order: Order, text: str, labels: Sequence[str]) -> dict[str, Any]:
    if not labels:
        return {"msg_type": _TEXT, "content": text}
    check_in = str(client.account.settings.get("check_in", ""))
    buttons = keyboard(labels, key=order.key, check_in=check_in)
    return {"msg_type": _MARKDOWN, "markdown": {"content": text}, "keyboard": buttons}


def _picture(client: Client, where: str, picture: Picture) -> dict[str, Any]:
    """A picture that lies ready at QQ: nobody sees it before a message names it."""
    data = base64.b64encode(picture.content).decode()
    given = {"file_type": _PICTURE, "file_data": data, "srv_send_msg": False}
    told = client.ask("POST", f"{where}/files", given, changes=False)
    return {"msg_type": _MEDIA, "media": {"file_info": told.get("file_info", "")}}


def _post(client: Client, where: str, place: str, content: Mapping[str, Any], *, key: str) -> str:
    """Send one message: as an answer where there is something to answer, else of our own accord."""
    answer = take_answer(client.account, place, key=key)
    try:
        told = client.ask("POST", f"{where}/messages", {**content, **(answer or {})})
    except QQRefusalError as refused:
        if refused.code in {SAME_AGAIN, AUDITED}:
            return ""  # it is there already, or QQ reads it before it shows it
        raise
    return text(told.get("id"), 190)


def withdraw(client: Client, order: Order) -> Done:
    """Take messages back: one, or all that one sending was."""
    for message in order.subject.split():
        client.ask("DELETE", path("groups", order.group, "messages", message), changes=False)
    return Done()


def mute(client: Client, order: Order) -> Done:
    """Let somebody read but not speak, for `options["seconds"]` or thirty days."""
    seconds = order.options.get("seconds")
    span = timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else _FOR_LONG
    until = (timezone.now() + min(span, _FOR_LONG)).isoformat(timespec="seconds")
    return _restrict(client, order, {"op": "add", "mute_expire_at": until})


def unmute(client: Client, order: Order) -> Done:
    """Let somebody speak again."""
    return _restrict(client, order, {"op": "del"})


def _restrict(client: Client, order: Order, told: Mapping[str, str]) -> Done:
    given = {"members": [{"member_openid": order.person, **told}]}
    client.ask("POST", path("groups", order.group, "restrict_chat_setting"), given, changes=False)
    return Done()


def remove(client: Client, order: Order) -> Done:
    """Remove somebody from the group; to ban is to keep them out as well."""
    keep_out = order.action is Action.BAN
    given = {"member_openids": [order.person], "add_to_member_blacklist": keep_out}
    client.ask("POST", path("groups", order.group, "batch_remove_members"), given, changes=False)
    return Done()


def unban(client: Client, order: Order) -> Done:
    """Let somebody in again who was kept out."""
    given = {"op": "del", "member_openids": [order.person]}
    client.ask("POST", path("groups", order.group, "member_blacklist"), given, changes=False)
    return Done()


def answer_request(client: Client, order: Order) -> Done:
    """Let somebody in who asks (`subject` is the request), or turn them away with the words as the reason."""
    admits = order.action is Action.ADMIT
    given = {"op": "approve" if admits else "decline", "join_request_id": order.subject}
    given |= {} if admits or not order.words else {"reject_reason": order.words[:_LONGEST_REASON]}
    client.ask("POST", path("groups", order.group, "approval_join_request", order.person), given, changes=False)
    return Done()


DOERS: Mapping[Action, Callable[[Client, Order], Done]] = {
    Action.SEND: say,
    Action.WELCOME: say,
    Action.TELL: tell,
    Action.POLL: poll,
    Action.WITHDRAW: withdraw,
    Action.MUTE: mute,
    Action.UNMUTE: unmute,
    Action.REMOVE: remove,
    Action.BAN: remove,
    Action.UNBAN: unban,
    Action.ADMIT: answer_request,
    Action.TURN_AWAY: answer_request,
}
