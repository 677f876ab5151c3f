"""Discord as JSON of DiscordChatExporter: `guild`, `channel` and `messages`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import LONGEST_OBJECT, SHOWN, Authors, Said, checked, facts_of, part, parts, text_of
from qunying.connectors.files._json_chat import account, instant, keys_in
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Importer, Rejection, register_importer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source
    from qunying.ground.members.services import Who

_ARRAYS = ("messages",)
_WORDS = {"Default", "Reply", "ThreadStarterMessage", "20", "23", "19", "0"}
_JOINS = {"GuildMemberJoin", "RecipientAdd", "7", "1"}
_LEAVES = {"RecipientRemove", "2"}
_RENAMES = {"ChannelNameChange", "4"}


def sniff(source: Source) -> float:
    """Sure by guild, channel and messages with an author."""
    return 1.0 if {"guild", "channel", "messages"} <= keys_in(source) else 0.0


def check(source: Source) -> None:
    """Read all of it once."""
    for _value in source.json(*_ARRAYS):
        pass


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a message. Signs carry no time of their own: they count as of the message they answer."""
    reader = _Reader(context, context.zone())
    for path, value in source.json(*_ARRAYS):
        if path == "guild":
            reader.guild = text_of(part(value).get("name"))
        elif path == "channel":
            reader.enter(part(value))
        elif path == "messages":
            reader.number += 1
            yield reader.item(part(value))


@dataclass(slots=True)
class _Reader:
    context: Context
    zone: ZoneInfo
    number: int = 0
    guild: str = ""
    group_id: int | None = None
    authors: Authors = field(default_factory=Authors)

    def enter(self, channel: Mapping[str, Any]) -> None:
        """The channel the messages stand in."""
        name = " / ".join(filter(None, (self.guild, text_of(channel.get("name")))))
        self.group_id = self.context.group(name, platform="discord")

    def item(self, raw: Mapping[str, Any]) -> Item:
        """What one message says."""
        try:
            at = instant(raw.get("timestamp"), self.zone, self.context)
        except ValueError as error:
            return Rejection(self.number, "absurd_time", "timestamp", str(error)[:SHOWN])
        number, text = text_of(raw.get("id")), text_of(raw.get("content"))
        if not number or len(number) > LONGEST_OBJECT:
            return Rejection(self.number, "bad_id", "id", number[:SHOWN])
        who = _account(raw.get("author"))
        if who is None:
            return Rejection(self.number, "no_sender", value=text[:SHOWN])
        if refused := checked(self.number, who, text):
            return refused
        kind = text_of(raw.get("type"))
        if kind in _WORDS or not kind:
            return self._message(raw, at, number, who, text)
        return self._event(kind, at, number, who, raw, text)

    def _message(self, raw: Mapping[str, Any], at: datetime, number: str, who: Who, text: str) -> Item:
        mentions = [other for each in parts(raw.get("mentions")) if (other := _account(each))]
        answered = text_of(part(raw, "reference").get("messageId"))
        self.authors.note(number, who)
        return facts_of(
            Said(
                at,
                who,
                (number,),
                self.group_id,
                text,
                form=_form(raw),
                id=number,
                answers=self.authors.of(answered),
                answered=answered[:LONGEST_OBJECT],
                mentions=mentions,
                everyone="@everyone" in text or "@here" in text,
                signs=list(_signs(raw, at)),
            )
        )

    def _event(  # noqa: PLR0913, PLR0917 - the parts of a message
        self, kind: str, at: datetime, number: str, who: Who, raw: Mapping[str, Any], text: str
    ) -> Item:
        where: dict[str, Any] = {"group_id": self.group_id}
        others = [other for each in parts(raw.get("mentions")) if (other := _account(each))]
        if kind in _JOINS:
            came, by = (others[0], who) if others else (who, None)
            return Fact("joined", at, (number, "joined"), who=came, target=by, **where)
        if kind in _LEAVES:
            gone, by = (others[0], who) if others and others[0].key != who.key else (who, None)
            payload = {"reason": "removed" if by else "left"}
            return Fact("left", at, (number, "left"), who=gone, target=by, payload=payload, **where)
        if kind in _RENAMES:
            payload = {"name": text.removeprefix("Changed the channel name: ").strip()[:LONGEST_OBJECT]}
            return Fact("renamed_group", at, (number, "name"), who=who, payload=payload, **where)
        return NOTHING


def _account(raw: Any) -> Who | None:
    """An account, where it has an id and a name that can be stored."""
    author = part(raw)
    who = account("discord", author.get("id"), text_of(author.get("nickname")) or author.get("name"))
    return None if who is None or checked(0, who, "") else who


def _signs(raw: Mapping[str, Any], at: datetime) -> Iterator[tuple[Who, str, datetime]]:
    for reaction in parts(raw.get("reactions")):
        sign = text_of(part(reaction, "emoji").get("name"))
        for each in parts(reaction.get("users")):
            if (who := _account(each)) and not checked(0, who, sign):
                yield who, sign, at


def _form(raw: Mapping[str, Any]) -> str:
    attachments = parts(raw.get("attachments"))
    if attachments:
        name = text_of(attachments[0].get("fileName")).lower()
        return "image" if name.endswith((".png", ".jpg", ".jpeg", ".gif", ".webp")) else "file"
    return "sticker" if parts(raw.get("stickers")) else ""


register_importer(
    Importer(
        name="discord",
        label=_("Discord export (DiscordChatExporter)"),
        looks=_("a JSON object with guild, channel and messages, each with id, timestamp and author"),
        platform="discord",
        sniff=sniff,
        read=read,
        check=check,
        where=_("DiscordChatExporter: choose the channel, format JSON."),
    )
)
