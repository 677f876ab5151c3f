"""OneBot's events as facts: who came and went, spoke, answered, called others, took back, asked to be let in.

https://github.com/botuniverse/onebot-11/tree/master/event. What cannot be read is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qunying.ground.events.facts import Fact
from qunying.ground.groups.joining import JoinRequest
from qunying.ground.members.services import Who
from qunying.ground.platforms.names import QQ
from qunying.kit.told import moment_or_now, name_of, part, parts, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qunying.ground.groups.models import Group

SOURCE = "onebot"
LONGEST_ID = 20
_LONGEST_NAME = 120
_LONGEST_FLAG = 120
_MOST_MENTIONS = 50
ROLES = {"owner": "owner", "admin": "admin"}
_FORMS = {"image": "image", "record": "voice", "video": "video", "file": "file", "face": "sticker", "mface": "sticker"}
_CODE = re.compile(r"\[CQ:([a-z_.-]{1,20})((?:,[^\[\],]*)*)\]")
_SIGNS = (("&#91;", "["), ("&#93;", "]"), ("&#44;", ","), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class Said:
    """A message taken apart: its words, its form, whom it calls ('all' for everybody), what it answers."""

    text: str
    form: str = ""
    calls: tuple[str, ...] = ()
    answers: str = ""


@dataclass(slots=True)
class Reader:
    """Reads one event of a group; `own` is the account's number, which is nobody's member."""

    group: Group
    own: str
    check_in: str = ""
    facts: list[Fact] = field(default_factory=list)
    requests: list[JoinRequest] = field(default_factory=list)

    def read(self, event: Mapping[str, Any]) -> None:
        """Take in one event."""
        kind = event.get("post_type")
        name = event.get(
            {"notice": "notice_type", "request": "request_type", "message": "message_type"}.get(str(kind), "")
        )
        reader = _READERS.get(f"{kind}.{name}")
        who = self.person(event.get("user_id"))
        if reader is not None and who is not None:
            reader(self, event, who)

    def person(self, told: Any, name: Any = "") -> Who | None:
        """The account of a number; None for our own and for what is none."""
        number = number_of(told)
        return Who(QQ, number, text(name, _LONGEST_NAME)) if number and number != self.own else None

    def add(self, kind: str, event: Mapping[str, Any], *key: str, **told: Any) -> None:
        """One more fact of this group, keyed within this account."""
        self.facts.append(
            Fact(kind, moment_or_now(event.get("time")), (SOURCE, self.own, *key), group_id=self.group.pk, **told)
        )

    def once(self, event: Mapping[str, Any], kind: str) -> tuple[str, ...]:
        """The key of a notice, which has no id of its own: what, where, who, when."""
        return kind, number_of(event.get("group_id")), number_of(event.get("user_id")), str(event.get("time"))


def number_of(value: Any) -> str:
    """A QQ number as text; '' for what is none."""
    told = name_of(value, LONGEST_ID)
    return told if told.isdecimal() and told != "0" else ""


def message_id(value: Any) -> str:
    """The id of a message, which may be negative."""
    return name_of(value, 40)


def place_of(event: Mapping[str, Any]) -> str:
    """The group an event is of; '' where it is of none."""
    return number_of(event.get("group_id"))


def take_apart(message: Any) -> Said:
    """What a message says, whether it comes as a list of pieces or as a text with codes in brackets."""
    pieces = parts(message) if isinstance(message, list) else _pieces_of(message)
    told, form, calls, answers = "", "", [], ""
    for piece in pieces:
        kind, data = piece.get("type"), part(piece, "data")
        if kind == "text":
            said = data.get("text")
            told += said if isinstance(said, str) else ""
        elif kind == "at":
            calls.append("all" if data.get("qq") == "all" else number_of(data.get("qq")))
        elif kind == "reply":
            answers = message_id(data.get("id"))
        elif isinstance(kind, str):
            form = form or _FORMS.get(kind, "")
    called = tuple(dict.fromkeys(one for one in calls if one))[:_MOST_MENTIONS]
    return Said(text(told), form, called, answers)


def _pieces_of(text: Any) -> list[Mapping[str, Any]]:
    """The pieces of a text with codes, such as `[CQ:at,qq=10001] hello`."""
    if not isinstance(text, str):
        return []
    found: list[Mapping[str, Any]] = []
    at = 0
    for code in _CODE.finditer(text):
        found.append({"type": "text", "data": {"text": _plain(text[at : code.start()])}})
        pairs = (one.partition("=") for one in code[2].split(",") if one)
        found.append({"type": code[1], "data": {name: _plain(value) for name, _is, value in pairs}})
        at = code.end()
    return [*found, {"type": "text", "data": {"text": _plain(text[at:])}}]


def _plain(text: str) -> str:
    for sign, meant in _SIGNS:
        text = text.replace(sign, meant)
    return text


def _about(name: str) -> dict[str, str]:
    return {"object_type": "message", "object_id": name}


def _message(reader: Reader, event: Mapping[str, Any], who: Who) -> None:
    name, sender = message_id(event.get("message_id")), part(event, "sender")
    if not name or event.get("sub_type") == "anonymous":
        return
    shown = reader.person(who.external_id, sender.get("card") or sender.get("nickname")) or who
    said = take_apart(event.get("message") if event.get("message") is not None else event.get("raw_message"))
    payload = {"form": said.form} if said.form else {}
    reader.add("spoke", event, "message", name, who=shown, text=said.text, payload=payload, **_about(name))
    if said.answers:
        reader.add("replied", event, "reply", name, who=shown, **_about(said.answers))
    for number in said.calls:
        target = None if number == "all" else reader.person(number)
        told = {"everyone": True} if number == "all" else {}
        if number == "all" or (target is not None and target.key != who.key):
            reader.add(
                "mentioned", event, "mention", name, number, who=shown, target=target, payload=told, **_about(name)
            )
    if reader.check_in and said.text == reader.check_in:
        day = moment_or_now(event.get("time")).astimezone(ZoneInfo(reader.group.community.timezone)).date()
        reader.add("checked_in", event, "check-in", str(reader.group.pk), who.external_id, day.isoformat(), who=shown)


def _came(reader: Reader, event: Mapping[str, Any], who: Who) -> None:
    by = reader.person(event.get("operator_id"))
    inviter = by if event.get("sub_type") == "invite" and by is not None and by.key != who.key else None
    reader.add("joined", event, *reader.once(event, "join"), who=who, target=inviter)


def _went(reader: Reader, event: Mapping[str, Any], who: Who) -> None:
    removed = event.get("sub_type") == "kick"
    by = reader.person(event.get("operator_id")) if removed else None
    reason = {"reason": "removed" if removed else "left"}
    reader.add("left", event, *reader.once(event, "leave"), who=who, target=by, payload=reason)


def _role(reader: Reader, event: Mapping[str, Any], who: Who) -> None:
    role = {"role": "admin" if event.get("sub_type") == "set" else "member"}
    reader.add("role_changed", event, *reader.once(event, "role"), who=who, payload=role)


def _recall(reader: Reader, event: Mapping[str, Any], who: Who) -> None:
    name, by = message_id(event.get("message_id")), reader.person(event.get("operator_id")) or who
    if name:
        target = who if by.key != who.key else None
        reader.add("recalled", event, "recall", name, who=by, target=target, **_about(name))


def _card(reader: Reader, event: Mapping[str, Any], who: Who) -> None:
    name = text(event.get("card_new"), _LONGEST_NAME)
    if name:
        named = Who(QQ, who.external_id, name)
        reader.add("renamed", event, *reader.once(event, "card"), who=named, payload={"name": name})


def _asked(reader: Reader, event: Mapping[str, Any], who: Who) -> None:
    flag = text(event.get("flag"), _LONGEST_FLAG + 1)
    if event.get("sub_type") == "add" and flag and len(flag) <= _LONGEST_FLAG:
        said = text(event.get("comment"), 1000)
        reader.requests.append(JoinRequest(reader.group, who, flag, moment_or_now(event.get("time")), said, "add"))


_READERS: dict[str, Callable[[Reader, Mapping[str, Any], Who], None]] = {
    "message.group": _message,
    "notice.group_increase": _came,
    "notice.group_decrease": _went,
    "notice.group_admin": _role,
    "notice.group_recall": _recall,
    "notice.group_card": _card,
    "request.group": _asked,
}
