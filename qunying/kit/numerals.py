"""Numbers of rows, and figures as platforms write them: 1.2万, 3w, 12.5%, 1分20秒, the day numbers of spreadsheets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

_NONE = {"", "-", "--", "—", "–", "/", "无", "暂无", "n/a", "null"}
_TIMES = {"": 1, "k": 1000, "千": 1000, "w": 10_000, "万": 10_000, "m": 1_000_000, "亿": 100_000_000}
_COUNT = re.compile(r"([+-]?\d{1,3}(?:,\d{3})+|[+-]?\d{1,18})(\.\d{1,18})?\s*([kw千万m亿]?)\+?")
_SHARE = re.compile(r"([+-]?\d{1,9}(?:\.\d{1,18})?)\s*(%?)")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d+)?)")
_SPOKEN = re.compile(
    r"(?:(\d{1,4})\s*(?:小时|时|h))?\s*(?:(\d{1,6})\s*(?:分钟|分|m|min))?\s*(?:(\d{1,9}(?:\.\d+)?)\s*(?:秒|s)?)?"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?")
_SERIAL_START = datetime(1899, 12, 30, tzinfo=UTC)

_LONGEST_ID = 18
"""Digits that always fit the 64 bits of a database's whole number."""


def to_id(text: str) -> int | None:
    """The whole number that a form or an address carries, such as that of a row; None for anything else.

    Python's own `isdigit` takes “²” for a digit, and `int` refuses it; a longer number no database takes.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else None


def to_count(text: str) -> int | None:
    """A whole number: “1,234”, “1.2万”, “3w”, “10万+”; None for “-” and the like. Raises ValueError.

    What a table rounds stays rounded; a fraction without a unit must be zero.
    """
    plain = text.strip().lower()
    if plain in _NONE:
        return None
    found = _COUNT.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    value = Decimal(found[1].replace(",", "") + (found[2] or "")) * _TIMES[found[3]]
    if value != int(value):
        raise ValueError(text)
    return int(value)


def to_share(text: str) -> float | None:
    """A share between 0 and 1: “12.5%” is 0.125, and so is “0.125”; above 1 it counts as percent. Raises ValueError."""
    plain = text.strip().lower()
    if plain in _NONE:
        return None
    found = _SHARE.fullmatch(plain)
    if found is None:
        raise ValueError(text)
    value = Decimal(found[1])
    return float(value / 100 if found[2] or abs(value) > 1 else value)


def to_seconds(text: str) -> float | None:
    """A duration in seconds: “1分20秒”, “00:01:20”, “20.5”, “20秒”. Raises ValueError."""
    plain = text.strip().lower()
    if plain in _NONE:
        return None
    found = _CLOCK.fullmatch(plain) or _SPOKEN.fullmatch(plain)
    if found is None or not any(found.groups()):
        raise ValueError(text)
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def from_serial(text: str, zone: tzinfo) -> datetime:
    """The local time of a spreadsheet's day number: 45413.5 is noon of 1 May 2024. Raises ValueError."""
    if _SERIAL.fullmatch(text) is None:
        raise ValueError(text)
    local = _SERIAL_START + timedelta(seconds=round(float(text) * 86_400))
    return local.replace(tzinfo=zone)
