"""Zulip messages as JSONL: id, ts (seconds since 1970), user, topic, text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._people import LONGEST_ID
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import Importer, Rejection, register_importer
from qunying.ground.members.services import Who
from qunying.kit.tables import BadRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_KEYS = {"id", "ts", "user", "topic", "text"}


def sniff(source: Source) -> float:
    """Sure where every line is an object with the keys of a message."""
    return 1.0 if source.shape == "jsonl" and source.header and set(source.header) >= _KEYS else 0.0


def read(source: Source, context: Context) -> Iterator[Item]:
    """One `spoke` a line. The server numbers its messages, so the id alone is the key."""
    for row in source.records():
        if isinstance(row, BadRow):
            yield Rejection(row.number, row.reason, value=row.value)
        else:
            yield _message(*row, context)


def _message(number: int, raw: Mapping[str, Any], context: Context) -> Item:
    try:
        at = datetime.fromtimestamp(raw["ts"], UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return Rejection(number, "bad_time", "ts", str(raw.get("ts", "")))
    if not context.possible(at):
        return Rejection(number, "absurd_time", "ts", str(raw["ts"]))
    if not isinstance(raw.get("id"), int):
        return Rejection(number, "bad_id", "id", str(raw.get("id", "")))
    user, topic = str(raw.get("user") or ""), str(raw.get("topic") or "")
    if not user:
        return Rejection(number, "empty_cell", "user")
    if len(user) > LONGEST_ID:
        return Rejection(number, "too_long", "user", user[:LONGEST_ID], {"most": LONGEST_ID})
    payload = {"topic": topic} if topic else {}
    who = Who("zulip", user, user)
    return Fact(
        "spoke",
        at,
        ("id", raw["id"]),
        who=who,
        group_id=context.group_id,
        payload=payload,
        text=str(raw.get("text") or ""),
    )


register_importer(
    Importer(
        name="zulip",
        label=_("Zulip messages"),
        looks=_("one JSON object a line with id, ts, user, topic and text"),
        platform="zulip",
        sniff=sniff,
        read=read,
    )
)
