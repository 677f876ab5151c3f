"""Reading what a platform tells in JSON, with mistrust: each gives something a database can keep, or nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qunying.kit.limits import MOST_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

_EARLIEST = datetime(2014, 1, 1, tzinfo=UTC)


def as_object(body: bytes | str) -> dict[str, Any] | None:
    """A JSON object; None for anything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def part(value: Any, *names: str) -> Mapping[str, Any]:
    """An object within an object; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def parts(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; an empty one where there is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def words(value: Any, most: int = MOST_TEXT) -> str:
    """A text that a database can keep, no longer than `most`; '' for what is no text."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:most]


def name_of(value: Any, most: int) -> str:
    """An id as text, also where it came as a number; '' for what is none, or longer than `most`."""
    told = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    fits = isinstance(told, str) and 0 < len(told) <= most and told.isprintable() and told.isascii()
    return told if fits else ""


def moment(value: Any) -> datetime:
    """A time told as seconds since 1970 or as ISO 8601, in UTC; now, where it claims one that cannot be."""
    now = timezone.now()
    try:
        seconds = isinstance(value, int | float) or (isinstance(value, str) and value.isdecimal())
        at = datetime.fromtimestamp(int(value), UTC) if seconds else datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at.astimezone(UTC) if _EARLIEST <= at <= now + timedelta(days=1) else now
