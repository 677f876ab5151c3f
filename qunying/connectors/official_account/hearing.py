"""What WeChat tells of followers as facts: who came by which code, who went, what they wrote and pressed.

The followers of an account are its one group, called by its AppID. Until that is tied to a community, everything is
passed over.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django_q.tasks import async_task

from qunying.connectors.official_account.client import app_of
from qunying.ground.events.facts import Fact
from qunying.ground.events.together import record_together
from qunying.ground.groups.lately import groups_lately
from qunying.ground.members.services import Who
from qunying.ground.platforms.names import OFFICIAL
from qunying.kit.limits import MOST_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from qunying.kit.letters import Letter

SOURCE = "official_account"
_LONGEST_ID = 64
_LONGEST_KEY = 64
_LONGEST_OBJECT = 80
_SCENE = "qrscene_"
_FORMS = {
    "text": "",
    "image": "image",
    "voice": "voice",
    "video": "video",
    "shortvideo": "video",
    "location": "location",
    "link": "link",
}


def hear(account: Account, letter: Letter) -> int:
    """Record what one letter tells; how many facts were new. When this returns, they are stored."""
    app, openid = app_of(account), letter["FromUserName"]
    if not openid or len(openid) > _LONGEST_ID or not openid.isprintable():
        return 0
    group = groups_lately(account, {app}).get(app)
    facts = facts_of(letter, group, app) if group is not None else []
    if group is None or not facts:
        return 0
    stored = record_together(facts, community=group.community, source=SOURCE)
    if facts[0].kind == "joined" and stored.by_digest:
        task = "qunying.connectors.official_account.tasks.ask_who"
        transaction.on_commit(lambda: async_task(task, account.pk, openid, cluster="fast"))
    return len(stored.by_digest)


def facts_of(letter: Letter, group: Group, app: str) -> list[Fact]:
    """What a letter says; nothing where it says nothing of a person."""
    if letter["MsgType"] == "event":
        reader = _EVENTS.get(letter["Event"])
        return [reader(letter, group, app)] if reader is not None else []
    return [_message(letter, group, app)] if letter["MsgType"] in _FORMS and letter["MsgId"] else []


def _fact(kind: str, letter: Letter, group: Group, key: tuple[str, ...], **told: Any) -> Fact:
    at: datetime = letter.at
    return Fact(kind, at, key, who=Who(OFFICIAL, letter["FromUserName"]), group_id=group.pk, **told)


def _happening(letter: Letter, app: str) -> tuple[str, ...]:
    """An event has no id: WeChat's advice is person and second; the rest of it keeps two of one second apart."""
    told = "\n".join(f"{name}={value}" for name, value in sorted(letter.fields.items()))
    return letter["Event"], app, letter["FromUserName"], letter["CreateTime"], sha256(told.encode()).hexdigest()


def _message(letter: Letter, group: Group, app: str) -> Fact:
    form, name = _FORMS[letter["MsgType"]], letter["MsgId"][:_LONGEST_OBJECT]
    # A voice message comes with its words where the account has them recognised.
    words = letter["Content"] or letter["Recognition"] or letter["Title"] or letter["Label"]
    return _fact(
        "spoke",
        letter,
        group,
        ("message", app, letter["MsgId"]),
        text=words.replace("\x00", "")[:MOST_TEXT],
        payload={"form": form} if form else {},
        object_type="message",
        object_id=name,
    )


def _came(letter: Letter, group: Group, app: str) -> Fact:
    """Somebody follows; the code by which they came is its channel."""
    scene = letter["EventKey"].removeprefix(_SCENE)[:_LONGEST_KEY]
    return _fact("joined", letter, group, _happening(letter, app), channel_key=scene)


def _went(letter: Letter, group: Group, app: str) -> Fact:
    return _fact("left", letter, group, _happening(letter, app), payload={"reason": "left"})


def _scanned(letter: Letter, group: Group, app: str) -> Fact:
    return _fact("scanned", letter, group, _happening(letter, app), channel_key=letter["EventKey"][:_LONGEST_KEY])


def _pressed(letter: Letter, group: Group, app: str) -> Fact:
    payload = {"entry": letter["EventKey"][:_LONGEST_OBJECT]}
    return _fact("pressed_menu", letter, group, _happening(letter, app), payload=payload)


_EVENTS: dict[str, Callable[[Letter, Group, str], Fact]] = {
    "subscribe": _came,
    "unsubscribe": _went,
    "SCAN": _scanned,
    "CLICK": _pressed,
    "VIEW": _pressed,
}
