"""Reading what platforms answer with mistrust: whatever is not what it should be reads as nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Mapping


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


def text(value: Any, most: int) -> str:
    """A text that a database can keep, no longer than `most`; '' for what is no text."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:most]


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
