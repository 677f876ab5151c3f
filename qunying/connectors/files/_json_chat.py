"""What chats exported as JSON share: telling them by their keys, reading them message by message."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qunying.connectors.files._chat import LONGEST_NAME, text_of
from qunying.ground.members.services import Who
from qunying.kit.times import parse_time

if TYPE_CHECKING:
    from datetime import tzinfo

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.sources import Source

JSON = {"json", "jsonl"}
_KEY = re.compile(rb'"([A-Za-z_]{2,40})"\s*:')


def keys_in(source: Source) -> set[str]:
    """Keys of objects in the first 64 kB of a JSON file; none for other files."""
    return {name.decode() for name in _KEY.findall(source.head)} if source.shape in JSON else set()


def instant(value: Any, zone: tzinfo, context: Context) -> datetime:
    """A time of a JSON file (seconds or milliseconds since 1970, or text); ValueError where it cannot be."""
    text = text_of(value)
    if not text or isinstance(value, bool):
        raise ValueError(text)
    try:
        at = parse_time(text, zone).astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None
    if not context.possible(at):
        raise ValueError(text)
    return at


def account(platform: str, external_id: Any, name: Any = "") -> Who | None:
    """An account of a JSON file, where it has an id."""
    found = text_of(external_id).strip()
    return Who(platform, found, text_of(name).strip()[:LONGEST_NAME]) if found else None
