"""Values on their way between a database and a backup: JSON of one spelling, whichever database it was."""

from __future__ import annotations

import base64
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Convert = "Callable[[Any], Any]"
_NUL = "\x00"
_NUL_IN_JSON = "\\u0000"


def from_sqlite(holds: Sequence[str]) -> list[Callable[[Any], Any] | None]:
    """For each column what turns SQLite's value into the backup's; None leaves it as it is."""
    known: dict[str, Callable[[Any], Any]] = {
        "bytes": _as_letters,
        "time": _sqlite_time,
        "truth": bool,
        "decimal": str,
    }
    return [known.get(word) for word in holds]


def from_postgres(holds: Sequence[str]) -> list[Callable[[Any], Any] | None]:
    """For each column what turns PostgreSQL's value into the backup's; JSON, days and hours were asked for as text."""
    known: dict[str, Callable[[Any], Any]] = {
        "bytes": _as_letters,
        "time": lambda at: at.astimezone(UTC).isoformat(" "),
        "decimal": str,
    }
    return [known.get(word) for word in holds]


def to_sqlite(holds: Sequence[str]) -> list[Callable[[Any], Any] | None]:
    """For each column what turns the backup's value into SQLite's."""
    known: dict[str, Callable[[Any], Any]] = {"bytes": base64.b64decode, "time": lambda text: text[:-6]}
    return [known.get(word) for word in holds]


def to_postgres(holds: Sequence[str]) -> list[Callable[[Any], Any] | None]:
    """For each column what turns the backup's value into PostgreSQL's, whose text holds no zero characters."""
    known: dict[str, Callable[[Any], Any]] = {
        "bytes": base64.b64decode,
        "text": lambda text: text.replace(_NUL, "") if _NUL in text else text,
        "json": lambda text: text.replace(_NUL_IN_JSON, "") if _NUL_IN_JSON in text else text,
    }
    return [known.get(word) for word in holds]


def turned(rows: Sequence[Sequence[Any]], converts: Sequence[Callable[[Any], Any] | None]) -> list[tuple[Any, ...]]:
    """The rows with each column's values turned; nothing stays nothing."""
    columns = list(zip(*rows, strict=True))
    for place, convert in enumerate(converts):
        if convert is not None and columns:
            columns[place] = tuple(None if value is None else convert(value) for value in columns[place])
    return list(zip(*columns, strict=True))


def _as_letters(raw: bytes | memoryview) -> str:
    return base64.b64encode(raw).decode("ascii")


def _sqlite_time(text: str) -> str:
    return text if text[-6:-5] in "+-" and text[-3:-2] == ":" else f"{text}+00:00"
