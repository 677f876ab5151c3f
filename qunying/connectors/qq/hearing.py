"""QQ's events as facts: who came and went, spoke, called others, pressed a button, asked to be let in.

https://bot.q.qq.com/wiki/develop/api-v2/. What cannot be read is passed over; it never stops the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qunying.connectors.qq.buttons import CHECK_IN, read_data
from qunying.connectors.qq.models import Place
from qunying.connectors.qq.openings import Heard
from qunying.ground.events.facts import Fact
from qunying.ground.groups.joining import JoinRequest
from qunying.ground.members.services import Who
from qunying.ground.platforms.names import QQ
from qunying.kit.told import moment_or_now, name_of, part, parts, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qunying.ground.groups.models import Group

SOURCE = "qq"
LONGEST_ID = Place.ID_LENGTH
_LONGEST_NAME = 120
_LONGEST_TOKEN = 190
_MOST_MENTIONS = 50
_MOST_ANSWERS = 10
ROLES = {"owner": "owner", "admin": "admin"}
_FORMS = {"image": "image", "video": "video", "audio": "voice", "voice": "voice"}
_CALLS = re.compile(r"<@!?[0-9A-Za-z_-]+>")


@dataclass(slots=True)
class Reader:
    """Reads one event. `group` is the one tied to where it happened, None where there is none.

    `check_in` is the word that checks a member in. What it says ends up in `facts`, `requests` and `opening`.
    """

    group: Group | None
    check_in: str = ""
    facts: list[Fact] = field(default_factory=list)
    requests: list[JoinRequest] = field(default_factory=list)
    opening: Heard | None = None
    press: str = ""
    """The id of a pressed button, which QQ wants acknowledged."""

    def read(self, event: Mapping[str, Any]) -> None:
        """Take in one event."""
        kind, name = event.get("t"), name_of(event.get("id"), _LONGEST_TOKEN)
        reader = _READERS.get(kind) if isinstance(kind, str) else None
        if reader is not None:
            reader(self, part(event, "d"), name)

    def add(self, kind: str, told: Mapping[str, Any], key: tuple[str, ...], **more: Any) -> None:
        """One more fact of the group, at the time the event tells."""
        if self.group is not None:
            self.facts.append(Fact(kind, moment_or_now(told.get("timestamp")), key, group_id=self.group.pk, **more))


def place_of(event: Mapping[str, Any]) -> str:
    """The group an event is of; '' where it is of none."""
    return name_of(part(event, "d").get("group_openid"), LONGEST_ID)


def who_is(told: Any, name: Any = "") -> Who | None:
    """The person of an openid; None for what is none."""
    openid = name_of(told, LONGEST_ID)
    return Who(QQ, openid, text(name, _LONGEST_NAME)) if openid else None


def _author(told: Mapping[str, Any]) -> Who | None:
    """Who wrote it; None where it was a robot, for what robots say is no sign of life."""
    author = part(told, "author")
    if author.get("bot") is True:
        return None
    return who_is(author.get("member_openid"), author.get("username"))


def _about(name: str) -> dict[str, str]:
    # An id of QQ's may be longer than the log keeps; its end is what tells one from another.
    return {"object_type": "message", "object_id": name[-80:]}


def _message(reader: Reader, told: Mapping[str, Any], _event: str) -> None:
    name, who = name_of(told.get("id"), _LONGEST_TOKEN), _author(told)
    if not name or who is None:
        return
    place = name_of(told.get("group_openid"), LONGEST_ID)
    reader.opening = Heard(place, name, moment_or_now(told.get("timestamp")))
    said = text(_CALLS.sub("", text(told.get("content"))))
    form = _form(told)
    reader.add(
        "spoke", told, (SOURCE, name), who=who, text=said, payload={"form": form} if form else {}, **_about(name)
    )
    for other in parts(told.get("mentions"))[:_MOST_MENTIONS]:
        target = None if other.get("bot") is True else who_is(other.get("member_openid"), other.get("username"))
        if target is not None and target.key != who.key:
            key = ("mention", SOURCE, name, target.external_id)
            reader.add("mentioned", told, key, who=who, target=target, **_about(name))
    if reader.check_in and said == reader.check_in:
        _checked_in(reader, told, who)


def _form(told: Mapping[str, Any]) -> str:
    kinds = [text(one.get("content_type")).partition("/")[0] for one in parts(told.get("attachments"))]
    return next((_FORMS.get(kind, "file") for kind in kinds), "")


def _checked_in(reader: Reader, told: Mapping[str, Any], who: Who) -> None:
    """Once a day, by the community's days."""
    if reader.group is not None:
        day = moment_or_now(told.get("timestamp")).astimezone(ZoneInfo(reader.group.community.timezone)).date()
        key = ("check-in", SOURCE, str(reader.group.pk), who.external_id, day.isoformat())
        reader.add("checked_in", told, key, who=who)


def _private(reader: Reader, told: Mapping[str, Any], _event: str) -> None:
    """Somebody wrote to the robot alone: it may answer, and nothing else is made of it."""
    name, who = name_of(told.get("id"), _LONGEST_TOKEN), who_is(part(told, "author").get("user_openid"))
    if name and who is not None:
        reader.opening = Heard(who.external_id, name, moment_or_now(told.get("timestamp")), private=True)


def _befriended(reader: Reader, told: Mapping[str, Any], event: str) -> None:
    who = who_is(told.get("openid"))
    if who is not None:
        reader.opening = Heard(
            who.external_id, event, moment_or_now(told.get("timestamp")), by_event=True, private=True
        )


def _came(reader: Reader, told: Mapping[str, Any], event: str) -> None:
    who, by = who_is(told.get("member_openid"), told.get("username")), who_is(told.get("op_member_openid"))
    if who is not None and event:
        target = by if by is not None and by.key != who.key else None
        reader.add("joined", told, (SOURCE, event), who=who, target=target)


def _went(reader: Reader, told: Mapping[str, Any], event: str) -> None:
    who, by = who_is(told.get("member_openid"), told.get("username")), who_is(told.get("op_member_openid"))
    if who is not None and event:
        removed = by is not None and by.key != who.key
        reason = {"reason": "removed" if removed else "left"}
        reader.add("left", told, (SOURCE, event), who=who, target=by if removed else None, payload=reason)


def _entered(reader: Reader, told: Mapping[str, Any], event: str) -> None:
    """The robot itself was let in: it may say hello."""
    place = name_of(told.get("group_openid"), LONGEST_ID)
    reader.opening = Heard(place, event, moment_or_now(told.get("timestamp")), by_event=True)


def _asked(reader: Reader, told: Mapping[str, Any], _event: str) -> None:
    request = read_request(reader.group, told)
    if request is not None and not part(told, "auto_approved"):
        reader.requests.append(request)


def read_request(group: Group | None, told: Mapping[str, Any]) -> JoinRequest | None:
    """Somebody who asks to be let in, with the answers they gave; None for what makes no sense."""
    who = who_is(told.get("member_openid"), told.get("username"))
    name = name_of(told.get("join_request_id"), LONGEST_ID)
    if group is None or who is None or not name:
        return None
    verify = part(told, "verify_info")
    answers = [
        f"{text(one.get('question'), 200)}\n{text(one.get('answer'), 200)}".strip()
        for one in parts(verify.get("review_qa_list"))[:_MOST_ANSWERS]
    ]
    said = "\n".join(filter(None, [text(verify.get("verify_message"), 500), *answers]))
    return JoinRequest(group, who, name, moment_or_now(told.get("apply_at") or told.get("timestamp")), said)


def _pressed(reader: Reader, told: Mapping[str, Any], event: str) -> None:
    name = name_of(told.get("id"), _LONGEST_TOKEN)
    if not name:
        return
    reader.press = name
    who = who_is(told.get("group_member_openid"))
    place = name_of(told.get("group_openid"), LONGEST_ID)
    if who is None or not place:
        return
    reader.opening = Heard(place, event, moment_or_now(told.get("timestamp")), by_event=True)
    poll, choice = read_data(part(told, "data", "resolved").get("button_data"))
    if poll == CHECK_IN:
        _checked_in(reader, told, who)
    elif poll:
        about = {"object_type": "poll", "object_id": poll}
        reader.add("answered", told, (SOURCE, name), who=who, payload={"choice": choice}, **about)


_READERS: dict[str, Callable[[Reader, Mapping[str, Any], str], None]] = {
    "GROUP_AT_MESSAGE_CREATE": _message,
    "GROUP_MESSAGE_CREATE": _message,
    "C2C_MESSAGE_CREATE": _private,
    "FRIEND_ADD": _befriended,
    "GROUP_MEMBER_ADD": _came,
    "GROUP_MEMBER_REMOVE": _went,
    "GROUP_ADD_ROBOT": _entered,
    "GROUP_MSG_RECEIVE": _entered,
    "GROUP_JOIN_REQUEST": _asked,
    "INTERACTION_CREATE": _pressed,
}
