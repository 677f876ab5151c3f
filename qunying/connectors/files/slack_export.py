"""Slack's own export: a folder (brought as ZIP) with users.json, channels.json and `channel/2024-05-01.json`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import (
    LONGEST_NAME,
    LONGEST_OBJECT,
    SHOWN,
    Authors,
    Said,
    checked,
    facts_of,
    part,
    parts,
    text_of,
)
from qunying.connectors.files._json_chat import account, instant
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Importer, Rejection, register_importer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source
    from qunying.ground.members.services import Who

_USERS, _CHANNELS = "users.json", {"channels.json", "groups.json", "dms.json", "mpims.json"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
_MENTION = re.compile(r"<@([A-Z0-9]{3,32})(?:\|([^>]*))?>")
_EVERYONE = ("<!channel", "<!here", "<!everyone")
_SAID = {"", "bot_message", "me_message", "thread_broadcast", "file_share", "reply_broadcast"}


def sniff(source: Source) -> float:
    """Sure where users.json stands beside folders of days."""
    if source.shape != "zip":
        return 0.0
    files = [PurePosixPath(name) for name in source.folder.names]
    days = any(_DAY.fullmatch(file.name) and len(file.parts) > 1 for file in files)
    about = any(file.name == _USERS or file.name in _CHANNELS for file in files)
    return 1.0 if days and about else 0.0


def check(source: Source) -> None:
    """Read every file once."""
    for file in source.folder.names:
        if file.endswith(".json"):
            for _value in source.json("", file=file):
                pass


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a message; a channel is a group. Signs count as of the message they answer: Slack tells no time."""
    reader = _Reader(context, _users(source))
    for file in source.folder.names:
        path = PurePosixPath(file)
        if not _DAY.fullmatch(path.name) or len(path.parts) < 2:  # noqa: PLR2004 - a folder and a file
            continue
        reader.enter(path.parent.name)
        for _path, value in source.json("", file=file):
            reader.number += 1
            yield reader.item(part(value))


def _users(source: Source) -> dict[str, str]:
    """Names by id; channels may hold ten thousand people, so this fits in memory."""
    names = {}
    for file in source.folder.names:
        if PurePosixPath(file).name == _USERS:
            for _path, value in source.json("", file=file):
                user = part(value)
                profile = part(user, "profile")
                name = next(filter(None, map(text_of, (profile.get("display_name"), user.get("real_name")))), "")
                names[text_of(user.get("id"))] = (name or text_of(user.get("name")))[:LONGEST_NAME]
    return names


@dataclass(slots=True)
class _Reader:
    context: Context
    users: dict[str, str]
    number: int = 0
    channel: str = ""
    group_id: int | None = None
    authors: Authors = field(default_factory=Authors)

    def enter(self, channel: str) -> None:
        """The channel the next messages stand in."""
        if channel != self.channel:
            self.channel, self.authors = channel, Authors()
            self.group_id = self.context.group(channel, platform="slack")

    def item(self, raw: Mapping[str, Any]) -> Item:
        """What one message says."""
        written, text = text_of(raw.get("ts")), text_of(raw.get("text"))
        try:
            at = _instant(written, self.context)
        except ValueError:
            return Rejection(self.number, "absurd_time", "ts", written[:SHOWN])
        who = self._who(raw)
        if who is None:
            return Rejection(self.number, "no_sender", value=text[:SHOWN])
        if refused := checked(self.number, who, text):
            return refused
        kind = text_of(raw.get("subtype"))
        key = (self.channel, written, who.external_id)
        if kind not in _SAID:
            return self._event(kind, raw, at, key, who)
        self.authors.note(written, who)
        return self._message(raw, at, key, who, text)

    def _who(self, raw: Mapping[str, Any]) -> Who | None:
        number = text_of(raw.get("user")) or text_of(raw.get("bot_id"))
        return account("slack", number, self.users.get(number) or raw.get("username"))

    def _known(self, number: Any, name: str = "") -> Who | None:
        who = account("slack", number, self.users.get(text_of(number), name))
        return None if who is None or checked(0, who, "") else who

    def _message(self, raw: Mapping[str, Any], at: datetime, key: tuple[str | int, ...], who: Who, text: str) -> Item:
        written, thread = text_of(raw.get("ts")), text_of(raw.get("thread_ts"))
        answered = thread if thread and thread != written else ""
        answers = self._known(raw.get("parent_user_id")) or self.authors.of(answered) if answered else None
        called = [self._known(found[1], found[2] or "") for found in _MENTION.finditer(text)]
        signs = [
            (person, text_of(reaction.get("name")), at)
            for reaction in parts(raw.get("reactions"))
            for number in (reaction["users"] if isinstance(reaction.get("users"), list) else [])
            if (person := self._known(number)) and not checked(0, person, text_of(reaction.get("name")))
        ]
        return facts_of(
            Said(
                at,
                who,
                key,
                self.group_id,
                text,
                form="file" if raw.get("files") else "action" if raw.get("subtype") == "me_message" else "",
                topic=answered[:LONGEST_OBJECT],
                id=written,
                answers=answers,
                answered=answered,
                mentions=[person for person in called if person],
                everyone=any(mark in text for mark in _EVERYONE),
                signs=signs,
            )
        )

    def _event(self, kind: str, raw: Mapping[str, Any], at: datetime, key: tuple[str | int, ...], who: Who) -> Item:
        if kind in {"channel_join", "group_join"}:
            by = self._known(raw.get("inviter"))
            return Fact("joined", at, (*key, "joined"), who=who, target=by, group_id=self.group_id)
        if kind in {"channel_leave", "group_leave"}:
            payload = {"reason": "left"}
            return Fact("left", at, (*key, "left"), who=who, group_id=self.group_id, payload=payload)
        if kind in {"channel_name", "group_name"}:
            payload = {"name": text_of(raw.get("name"))[:LONGEST_OBJECT]}
            return Fact("renamed_group", at, (*key, "name"), who=who, group_id=self.group_id, payload=payload)
        return NOTHING


def _instant(written: str, context: Context) -> datetime:
    """Slack's `1714528800.000200`, to the microsecond; it also names the message within its channel."""
    seconds, _dot, rest = written.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12 and (not rest or rest.isdigit())):  # noqa: PLR2004 - the year 33658
        raise ValueError(written)
    at = instant(seconds, UTC, context)
    return at.replace(microsecond=int(f"{rest:0<6}"[:6] or 0)) if rest.isascii() else at


register_importer(
    Importer(
        name="slack_export",
        label=_("Slack export"),
        looks=_("a ZIP (or a folder) with users.json and one folder a channel, with one file a day"),
        platform="slack",
        sniff=sniff,
        read=read,
        check=check,
        where=_("Slack: Settings, “Import/Export data”, “Export”; bring the ZIP as it is."),
    )
)
