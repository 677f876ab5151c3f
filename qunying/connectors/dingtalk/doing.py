"""What goes out: words to a group or a colleague, taken back again; members and silence in scene groups."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.connectors.dingtalk import endpoints as calls
from qunying.connectors.dingtalk.conversations import note_conversation
from qunying.ground.platforms.port import Action, Done, RefusedError
from qunying.kit.told import listed, part, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qunying.connectors.dingtalk.client import Client
    from qunying.ground.platforms.port import Order

BY_WEBHOOK = "webhook"
"""What the one group of a custom robot is called: it knows no id of it."""
MOST_BYTES = 20_000
_TEXT = "sampleText"
_OUTSIDE = "$:"
_DAY_MILLIS = 86_400_000


def send(client: Client, order: Order) -> Done:
    """Say something in a group; DingTalk's key, by which it is taken back and asked who read it."""
    words = _checked(order)
    if order.group == BY_WEBHOOK:
        client.ask(calls.ROBOT, msgtype="text", text={"content": words})
        return Done()
    told = client.ask(
        calls.SEND,
        openConversationId=order.group,
        robotCode=client.robot,
        msgKey=_TEXT,
        msgParam=json.dumps({"content": words}, ensure_ascii=False),
    )
    return Done(str(told["processQueryKey"]))


def tell(client: Client, order: Order) -> Done:
    """Write to one colleague."""
    words, person = _checked(order), _colleague(order)
    told = client.ask(
        calls.TELL,
        robotCode=client.robot,
        userIds=[person],
        msgKey=_TEXT,
        msgParam=json.dumps({"content": words}, ensure_ascii=False),
    )
    if person in listed(told.get("invalidStaffIdList")):
        raise RefusedError(_("DingTalk does not know this colleague. They may have left."))
    if person in listed(told.get("flowControlledStaffIdList")):
        raise RefusedError(_("DingTalk lets the robot write to this person no more today."))
    return Done(str(told["processQueryKey"]))


def withdraw(client: Client, order: Order) -> Done:
    """Take back what the robot said."""
    if not order.subject or order.group == BY_WEBHOOK:
        raise RefusedError(_("What a custom robot said cannot be taken back."))
    keys = order.subject.split()
    if order.group:
        told = client.ask(calls.RECALL, openConversationId=order.group, robotCode=client.robot, processQueryKeys=keys)
    else:
        told = client.ask(calls.UNTELL, robotCode=client.robot, processQueryKeys=keys)
    why = next(iter(part(told, "failedResult").values()), "")
    if why:
        raise RefusedError(_("DingTalk did not take it back: %(why)s") % {"why": text(why, 120)})
    return Done()


def open_group(client: Client, order: Order) -> Done:
    """Make a scene group called `words` from the account's template; `options` name `owner` and who else is in it."""
    template = str(client.account.settings.get("template", ""))
    owner = str(order.options.get("owner", ""))
    if not template or not owner or not order.words.strip():
        raise RefusedError(_("A new group needs a name, an owner, and the template in the account's settings."))
    others = [str(one) for one in order.options.get("invite", ())]
    told = client.ask(
        calls.OPEN,
        title=order.words.strip()[:80],
        owner_user_id=owner,
        template_id=template,
        user_ids=",".join(dict.fromkeys([owner, *others])),
        uuid=sha256(order.key.encode()).hexdigest()[:32],
    )
    name = text(part(told, "result").get("open_conversation_id"), 190)
    if not name:
        raise RefusedError(_("DingTalk made no group."))
    note_conversation(client.account, name, title=order.words.strip(), is_scene=True)
    return Done(name)


def invite(client: Client, order: Order) -> Done:
    """Bring a colleague into a scene group."""
    client.ask(calls.ADD, open_conversation_id=order.group, user_ids=_colleague(order))
    return Done()


def remove(client: Client, order: Order) -> Done:
    """Take somebody out of a scene group."""
    client.ask(calls.DELETE, open_conversation_id=order.group, user_ids=_colleague(order))
    return Done()


def mute(client: Client, order: Order) -> Done:
    """Let somebody in a scene group read but not speak, for a day or `options` → `minutes`."""
    minutes = order.options.get("minutes")
    millis = minutes * 60_000 if isinstance(minutes, int) and minutes > 0 else _DAY_MILLIS
    return _silence(client, order, muteStatus=1, muteDuration=millis)


def unmute(client: Client, order: Order) -> Done:
    """Let somebody speak again."""
    return _silence(client, order, muteStatus=0)


def _silence(client: Client, order: Order, **how: int) -> Done:
    client.ask(calls.MUTE, openConversationId=order.group, userIdList=[_colleague(order)], **how)
    return Done()


def _checked(order: Order) -> str:
    if order.pictures:
        raise RefusedError(_("Messages go to DingTalk without pictures so far. Send this one by hand."))
    if not order.words.strip():
        raise RefusedError(_("There is nothing to send. Write some words."))
    if len(order.words.encode()) > MOST_BYTES:
        raise RefusedError(_("DingTalk takes 20,000 bytes, which is about 6,600 Chinese characters. Shorten it."))
    return order.words


def _colleague(order: Order) -> str:
    if not order.person or order.person.startswith(_OUTSIDE):
        raise RefusedError(_("The robot reaches colleagues of its own organisation alone; this person is none."))
    return order.person


DOERS: Mapping[Action, Callable[[Client, Order], Done]] = {
    Action.SEND: send,
    Action.WELCOME: send,
    Action.TELL: tell,
    Action.WITHDRAW: withdraw,
    Action.OPEN_GROUP: open_group,
    Action.INVITE: invite,
    Action.REMOVE: remove,
    Action.MUTE: mute,
    Action.UNMUTE: unmute,
}
