"""Reading what platforms answer with mistrust: whatever is not what it should be reads as nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qunying.kit.limits import MOST_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

_EARLIEST = datetime(2014, 1, 1, tzinfo=UTC)


def as_dict(body: bytes | str) -> dict[str, Any] | None:
    """The object that a JSON text holds; None where it holds none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def listed(value: Any) -> list[Any]:
    """A list of an answer; an empty one where there is none."""
    return value if isinstance(value, list) else []


def parts(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list of an answer."""
    return [one for one in listed(value) if isinstance(one, dict)]


def part(value: Any, *names: str) -> Mapping[str, Any]:
    """An object within an object of an answer; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: Any, most: int = MOST_TEXT) -> str:
    """A text that a database can keep, no longer than `most`; '' for what is no text."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:most]


def name_of(value: Any, most: int) -> str:
    """An id as text, also where it came as a number; '' for what is none, or longer than `most`."""
    told = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    fits = isinstance(told, str) and 0 < len(told) <= most and told.isprintable() and told.isascii()
    return told if fits else ""


def number(value: Any) -> int:
    """A count; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def moment(seconds: Any) -> datetime | None:
    """The time of so many seconds since 1970; None for what is none, or lies ahead."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not 0 < seconds <= timezone.now().timestamp():
        return None
    return datetime.fromtimestamp(seconds, UTC)


def moment_or_now(value: Any) -> datetime:
    """A time told as seconds since 1970 or as ISO 8601, in UTC; now, where it claims one that cannot be."""
    now = timezone.now()
    try:
        seconds = isinstance(value, int | float) or (isinstance(value, str) and value.isdecimal())
        at = datetime.fromtimestamp(int(value), UTC) if seconds else datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at.astimezone(UTC) if _EARLIEST <= at <= now + timedelta(days=1) else now
