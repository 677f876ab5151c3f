"""Times as files write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

_LOOSE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]*(\d{1,2})\s*[:时点]\s*(\d{1,2})\s*分?(?:\s*:?\s*(\d{1,2})\s*秒?)?(?:\.\d+)?)?"
)
_COMPACT = 8
_MILLISECONDS_FROM = 100_000_000_000
_SECONDS_FROM = 100_000_000


def parse_time(text: str, zone: tzinfo) -> datetime:
    """The instant in UTC; a time without an offset is local to `zone`. Raises ValueError.

    Reads ISO 8601, 2024-1-2 3:04, 2024/1/2, 2024年1月2日 3:04, 20240102, and seconds or milliseconds since 1970.
    """
    try:
        return _in_utc(datetime.fromisoformat(text) if not _is_number(text) else _from_number(text, zone), zone)
    except (ValueError, OverflowError, OSError):
        loose = _LOOSE.fullmatch(text)
        if loose is None:
            raise ValueError(text) from None
        return _loose_in_utc([int(part) for part in loose.groups() if part is not None], zone, text)


def _loose_in_utc(parts: list[int], zone: tzinfo, text: str) -> datetime:
    try:
        return _in_utc(datetime(*parts), zone)  # type: ignore[arg-type]  # noqa: DTZ001 - made aware just after
    except OverflowError:
        raise ValueError(text) from None


def _in_utc(at: datetime, zone: tzinfo) -> datetime:
    aware = at if at.tzinfo is not None else at.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _from_number(text: str, zone: tzinfo) -> datetime:
    if len(text) == _COMPACT and "." not in text:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=zone)
    number = float(text)
    if number >= _MILLISECONDS_FROM:
        return datetime.fromtimestamp(number / 1000, UTC)
    if number >= _SECONDS_FROM:
        return datetime.fromtimestamp(number, UTC)
    raise ValueError(text)
