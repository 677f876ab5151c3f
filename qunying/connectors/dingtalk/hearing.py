"""What DingTalk's stream tells as facts: what was said to the robot, who came and went, how a group is called now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qunying.connectors.dingtalk.conversations import note_conversation
from qunying.connectors.dingtalk.models import Conversation
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import groups_through
from qunying.ground.members.services import Who
from qunying.ground.platforms.names import DINGTALK
from qunying.kit.limits import MOST_TEXT
from qunying.kit.told import listed, moment, part, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account

SOURCE = "dingtalk"
SAID = "/v1.0/im/bot/messages/get"
_LONGEST_ID = 190
_LONGEST_NAME = 120
_IN_GROUP = "2"
_FORMS = {
    "text": "",
    "richText": "",
    "picture": "image",
    "audio": "voice",
    "video": "video",
    "file": "file",
}


def hear_message(account: Account, told: Mapping[str, Any]) -> int:
    """Record what somebody said to the robot in a group; how many facts were new.

    A group that is not tied is only noted, so that it can be. What somebody says to the robot alone belongs to none.
    """
    name = text(told.get("conversationId"), _LONGEST_ID)
    if not name or told.get("conversationType") != _IN_GROUP:
        return 0
    note_conversation(account, name, title=text(told.get("conversationTitle"), Conversation.TITLE_LENGTH))
    group, fact = _group(account, name), _message(told)
    if group is None or fact is None:
        return 0
    return record([fact._replace(group_id=group.pk)], community=group.community, source=SOURCE).stored


def _message(told: Mapping[str, Any]) -> Fact | None:
    """What was said; None where it lacks what a message has."""
    # Whoever is no colleague has an encrypted id alone.
    who = text(told.get("senderStaffId"), _LONGEST_ID) or text(told.get("senderId"), _LONGEST_ID)
    name, form = text(told.get("msgId"), _LONGEST_ID), _FORMS.get(str(told.get("msgtype")))
    at = _millis(told.get("createAt"))
    if not who or not name or form is None or at is None:
        return None
    return Fact(
        "spoke",
        at,
        ("message", name),
        who=Who(DINGTALK, who, text(told.get("senderNick"), _LONGEST_NAME)),
        object_type="message",
        object_id=name[:80],
        payload={"form": form} if form else {},
        text=_words(told),
    )


def _words(told: Mapping[str, Any]) -> str:
    said = text(part(told, "text").get("content"), MOST_TEXT)
    rich = listed(part(told, "content").get("richText"))
    heard = text(part(told, "content").get("recognition"), MOST_TEXT)
    pieces = [text(part({"": one}, "").get("text"), MOST_TEXT) for one in rich]
    return said or heard or "".join(pieces)[:MOST_TEXT]


def hear_event(account: Account, event: str, key: str, at: datetime, told: Mapping[str, Any]) -> int:
    """Record what happened to a tied group; how many facts were new. `key` is DingTalk's id of the event."""
    reader = _EVENTS.get(event)
    name = text(told.get("openConversationId") or told.get("OpenConversationId"), _LONGEST_ID)
    group = _group(account, name) if name else None
    if reader is None or group is None:
        return 0
    facts = reader(group, key, at, told)
    return record(facts, community=group.community, source=SOURCE).stored


def _group(account: Account, name: str) -> Group | None:
    return groups_through(account).select_related("community").filter(external_id=name).first()


def _people(told: Mapping[str, Any]) -> list[str]:
    """Whom it is about; DingTalk names one or several."""
    given = told.get("UserId") if "UserId" in told else told.get("userId")
    names = {name for one in (given if isinstance(given, list) else [given]) if (name := text(one, _LONGEST_ID))}
    return sorted(names)


def _came(group: Group, key: str, at: datetime, told: Mapping[str, Any]) -> list[Fact]:
    by = text(told.get("Operator") or told.get("operator"), _LONGEST_ID)
    return [
        Fact(
            "joined",
            at,
            ("joined", key, name),
            who=Who(DINGTALK, name),
            target=Who(DINGTALK, by) if by and by != name else None,
            group_id=group.pk,
        )
        for name in _people(told)
    ]


def _went(why: str) -> Callable[[Group, str, datetime, Mapping[str, Any]], list[Fact]]:
    def read(group: Group, key: str, at: datetime, told: Mapping[str, Any]) -> list[Fact]:
        return [_left(group, key, at, name, why) for name in _people(told)]

    return read


def _left(group: Group, key: str, at: datetime, name: str, why: str) -> Fact:
    who, payload = Who(DINGTALK, name), {"reason": why}
    return Fact("left", at, ("left", key, name), who=who, group_id=group.pk, payload=payload)


def _renamed(group: Group, key: str, at: datetime, told: Mapping[str, Any]) -> list[Fact]:
    title = text(told.get("Title") or told.get("title"), Conversation.TITLE_LENGTH)
    fact = Fact("renamed_group", at, ("name", key), group_id=group.pk, payload={"name": title})
    return [fact] if title else []


def _disbanded(group: Group, key: str, at: datetime, _told: Mapping[str, Any]) -> list[Fact]:
    """Everybody has left."""
    there = Membership.objects.filter(group=group, left_at__isnull=True, identity__platform=DINGTALK)
    names = there.order_by("identity__external_id").values_list("identity__external_id", flat=True)
    return [_left(group, key, at, name, "dismissed") for name in names]


def _millis(value: Any) -> datetime | None:
    return moment(value / 1000) if isinstance(value, int) and not isinstance(value, bool) else None


_EVENTS: Mapping[str, Callable[[Group, str, datetime, Mapping[str, Any]], list[Fact]]] = {
    "chat_add_member": _came,
    "chat_quit": _went("left"),
    "chat_remove_member": _went("removed"),
    "chat_update_title": _renamed,
    "chat_disband": _disbanded,
}
