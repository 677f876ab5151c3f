"""WeCom's message archive (会话内容存档) after decryption: a list of messages, or one a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import (
    LONGEST_OBJECT,
    SHOWN,
    Said,
    checked,
    facts_of,
    one_or_nothing,
    part,
    parts,
    text_of,
)
from qunying.connectors.files._json_chat import account, instant, keys_in
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Importer, Rejection, register_importer
from qunying.kit.tables import BadRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_ARRAYS = ("", "messages", "chatdata", "data")
_MARKS = {"msgid", "action", "msgtime", "msgtype"}
_FORMS = {
    "text": "",
    "markdown": "",
    "emotion": "sticker",
    "redpacket": "red_packet",
    "external_redpacket": "red_packet",
    "weapp": "mini_program",
    "chatrecord": "forwarded",
    "sphfeed": "video",
    "docmsg": "document",
    "qydiskfile": "file",
}
_WORDS = (
    ("text", "content"),
    ("link", "title"),
    ("weapp", "title"),
    ("file", "filename"),
    ("location", "address"),
    ("todo", "title"),
    ("vote", "votetitle"),
    ("collect", "title"),
    ("calendar", "title"),
    ("meeting", "topic"),
    ("doc", "title"),
    ("chatrecord", "title"),
    ("redpacket", "wish"),
    ("sphfeed", "feed_desc"),
    ("info", "content"),
    ("info", "filename"),
)


def sniff(source: Source) -> float:
    """Sure by msgid, action, msgtime and msgtype."""
    return 1.0 if keys_in(source) >= _MARKS else 0.0


def check(source: Source) -> None:
    """Read all of it once."""
    if source.shape == "jsonl":
        source.check()
        return
    for _value in source.json(*_ARRAYS):
        pass


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a message of a room; talks between two people are passed over. The group is the room's id."""
    zone = context.zone()
    for number, raw in _messages(source):
        yield _item(number, raw, context, zone) if isinstance(raw, dict) else Rejection(number, "not_json")


def _messages(source: Source) -> Iterator[tuple[int, Any]]:
    if source.shape == "jsonl" and not keys_in(source) & set(_ARRAYS[1:]):
        for row in source.records():
            yield (row.number, None) if isinstance(row, BadRow) else row
        return
    number = 0
    for path, value in source.json(*_ARRAYS):
        if path in _ARRAYS:
            number += 1
            yield number, value


def _item(  # noqa: PLR0911 - one way out for each fault
    number: int, raw: Mapping[str, Any], context: Context, zone: ZoneInfo
) -> Item:
    action, msgid = text_of(raw.get("action")), text_of(raw.get("msgid"))
    if action == "switch" or (not text_of(raw.get("roomid")) and action):
        return NOTHING
    if not msgid:
        return Rejection(number, "bad_id", "msgid")
    try:
        at = instant(raw.get("msgtime"), zone, context)
    except ValueError as error:
        return Rejection(number, "absurd_time", "msgtime", str(error)[:SHOWN])
    who, words = account("wecom", raw.get("from")), _words(raw)
    if who is None:
        return Rejection(number, "no_sender", value=words[:SHOWN])
    if refused := checked(number, who, words):
        return refused
    group_id = context.group(text_of(raw.get("roomid")), platform="wecom")
    kind = text_of(raw.get("msgtype"))
    if kind == "revoke" or action == "recall":
        before = text_of(part(raw, "revoke").get("pre_msgid"))
        about: dict[str, Any] = {"object_type": "message", "object_id": before[:LONGEST_OBJECT]} if before else {}
        return one_or_nothing([Fact("recalled", at, ("recall", msgid), who=who, group_id=group_id, **about)])
    if kind in {"agree", "disagree"}:
        return NOTHING
    return facts_of(Said(at, who, (msgid,), group_id, words, _FORMS.get(kind, kind)[:40], id=msgid))


def _words(raw: Mapping[str, Any]) -> str:
    """What was written in a message of any type; empty where nothing was."""
    if raw.get("msgtype") == "mixed":
        return "\n".join(filter(None, (_piece(item) for item in parts(part(raw, "mixed").get("item")))))
    return next((text for name, key in _WORDS if (text := text_of(part(raw, name).get(key)))), "")


def _piece(item: Mapping[str, Any]) -> str:
    try:
        return text_of(part(json.loads(text_of(item.get("content")))).get("content"))
    except (ValueError, RecursionError):
        return ""


register_importer(
    Importer(
        name="wecom",
        label=_("WeCom message archive"),
        looks=_("JSON messages with msgid, action, from, roomid, msgtime and msgtype, in a list or one a line"),
        platform="wecom",
        sniff=sniff,
        read=read,
        check=check,
        where=_("Your message archive program: write the decrypted messages as JSON, in a list or one a line."),
    )
)
