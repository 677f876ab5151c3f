"""Telegram as `result.json` of Telegram Desktop: one chat, or all of them under `chats.list`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import (
    LONGEST_OBJECT,
    SHOWN,
    TIMEZONE,
    Authors,
    Names,
    Said,
    checked,
    facts_of,
    named,
    one_or_nothing,
    part,
    parts,
    text_of,
)
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

_LISTS = ("chats.list", "left_chats.list")
_ARRAYS = ("messages", *_LISTS, *(f"{path}.messages" for path in _LISTS))
_MARKS = {"date", "from_id", "date_unixtime", "text_entities", "actor_id"}
_PRIVATE = {"personal_chat", "saved_messages", "bot_chat"}
_JOINS = {"join_group_by_link", "join_group_by_request", "migrate_from_group"}
_FORMS = {
    "sticker": "sticker",
    "voice_message": "voice",
    "video_message": "video",
    "video_file": "video",
    "animation": "sticker",
    "audio_file": "file",
}


def sniff(source: Source) -> float:
    """Sure by the keys of messages: date_unixtime, from_id or actor_id, text_entities."""
    keys = keys_in(source)
    return 1.0 if {"messages", "type"} <= keys and len(keys & _MARKS) > 1 else 0.0


def check(source: Source) -> None:
    """Read all of it once."""
    for _value in source.json(*_ARRAYS):
        pass


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a message. Private chats of a full export are passed over: they are nobody's group."""
    reader = _Reader(context, context.zone(), Names("telegram", lambda: _heads(source)))
    for path, value in source.json(*_ARRAYS):
        where, _dot, name = path.rpartition(".")
        if name == "messages":
            reader.number += 1
            yield NOTHING if reader.kind in _PRIVATE and where else reader.item(part(value))
        elif name in {"name", "type", "id"}:
            reader.chat(name, text_of(value))


def _heads(source: Source) -> Iterator[tuple[str, str]]:
    for path, value in source.json(*_ARRAYS):
        if path.endswith("messages"):
            raw = part(value)
            for number, name in (("from_id", "from"), ("actor_id", "actor")):
                if text_of(raw.get(number)):
                    yield text_of(raw.get(number)), text_of(raw.get(name))


@dataclass(slots=True)
class _Reader:
    context: Context
    zone: ZoneInfo
    names: Names
    number: int = 0
    kind: str = ""
    chat_id: str = ""
    group_id: int | None = None
    authors: Authors = field(default_factory=Authors)

    def chat(self, name: str, value: str) -> None:
        """A field of the chat the next messages belong to."""
        if name == "name":
            self.group_id = self.context.group(value, platform="telegram")
            self.authors = Authors()
        elif name == "type":
            self.kind = value
        else:
            self.chat_id = value

    def item(self, raw: Mapping[str, Any]) -> Item:
        """What one message says."""
        try:
            at = instant(raw.get("date_unixtime") or raw.get("date"), self.zone, self.context)
        except ValueError as error:
            return Rejection(self.number, "absurd_time", "date", str(error)[:SHOWN])
        number = raw.get("id")
        if not isinstance(number, int):
            return Rejection(self.number, "bad_id", "id", text_of(number)[:SHOWN])
        if raw.get("type") == "service":
            return self._service(raw, at, number)
        text = _plain(raw.get("text"))
        who = account("telegram", raw.get("from_id"), raw.get("from"))
        if who is None:
            return Rejection(self.number, "no_sender", value=text[:SHOWN])
        return checked(self.number, who, text) or self._message(raw, at, number, who, text)

    def _message(self, raw: Mapping[str, Any], at: datetime, number: int, who: Who, text: str) -> Item:
        answered = text_of(raw.get("reply_to_message_id"))
        self.authors.note(str(number), who)
        return facts_of(
            Said(
                at,
                who,
                (self.chat_id, number),
                self.group_id,
                text,
                form=_form(raw),
                id=f"{self.chat_id}/{number}",
                answers=self.authors.of(answered),
                answered=f"{self.chat_id}/{answered}" if answered else "",
                mentions=[other for entity in parts(raw.get("text_entities")) if (other := _mentioned(entity))],
                signs=list(self._signs(raw, at)),
            )
        )

    def _signs(self, raw: Mapping[str, Any], at: datetime) -> Iterator[tuple[Who, str, datetime]]:
        for reaction in parts(raw.get("reactions")):
            sign = text_of(reaction.get("emoji")) or text_of(reaction.get("type"))
            for one in parts(reaction.get("recent")):
                who = account("telegram", one.get("from_id"), one.get("from"))
                if who is None or checked(0, who, sign):
                    continue
                try:
                    when = instant(one.get("date"), self.zone, self.context)
                except ValueError:
                    when = at
                yield who, sign, when

    def _service(self, raw: Mapping[str, Any], at: datetime, number: int) -> Item:
        action = text_of(raw.get("action"))
        by = account("telegram", raw.get("actor_id"), raw.get("actor"))
        if by is None or checked(self.number, by, ""):
            return NOTHING
        members = raw.get("members")
        named_here = [name for name in members if isinstance(name, str)] if isinstance(members, list) else []
        named_people = [self._person(name, by) for name in named_here]
        people = [person for person in named_people if person is not None and not checked(0, person, "")]
        key = (self.chat_id, number)
        facts: list[Fact] = []
        if action in {"invite_members", "add_members"}:
            facts = [self._presence("joined", at, key, who, by) for who in people]
        elif action in _JOINS:
            facts = [self._presence("joined", at, key, by, None)]
        elif action == "remove_members":
            facts = [self._presence("left", at, key, who, by) for who in people]
        elif action == "edit_group_title":
            payload = {"name": text_of(raw.get("title"))[:LONGEST_OBJECT]}
            facts = [Fact("renamed_group", at, (*key, action), who=by, group_id=self.group_id, payload=payload)]
        return one_or_nothing(facts)

    def _person(self, name: str, by: Who) -> Who | None:
        """Members of a service message are given by name alone."""
        return by if name == by.name else self.names.who(name)

    def _presence(self, kind: str, at: datetime, key: tuple[str | int, ...], who: Who, by: Who | None) -> Fact:
        """Coming by oneself names no inviter; leaving is being removed by oneself."""
        other = None if by is None or by.key == who.key else by
        payload = {"reason": "removed" if other else "left"} if kind == "left" else {}
        named_key = (*key, kind, who.external_id)
        return Fact(kind, at, named_key, who=who, target=other, group_id=self.group_id, payload=payload)


def _mentioned(entity: Mapping[str, Any]) -> Who | None:
    if entity.get("type") == "mention_name":
        number = text_of(entity.get("user_id"))
        who = account("telegram", f"user{number}" if number else "", entity.get("text"))
    elif entity.get("type") == "mention":
        who = named("telegram", text_of(entity.get("text"))) if entity.get("text") else None
    else:
        return None
    return None if who is None or checked(0, who, "") else who


def _plain(text: Any) -> str:
    """The words of a message, which are a string or a list of strings and marked pieces."""
    if isinstance(text, list):
        return "".join(piece if isinstance(piece, str) else text_of(part(piece).get("text")) for piece in text)
    return text_of(text)


def _form(raw: Mapping[str, Any]) -> str:
    if "photo" in raw:
        return "image"
    if "poll" in raw:
        return "poll"
    media = text_of(raw.get("media_type"))
    return _FORMS.get(media, "file" if "file" in raw else "location" if "location_information" in raw else "")


register_importer(
    Importer(
        name="telegram",
        label=_("Telegram export"),
        looks=_("result.json with name, type, id and messages, each with from_id and date_unixtime"),
        platform="telegram",
        options=(TIMEZONE,),
        sniff=sniff,
        read=read,
        check=check,
        where=_("Telegram Desktop: open the group, “Export chat history”, format JSON; bring result.json."),
    )
)
