"""Words as people bring them: pasted lines, text, CSV and XLSX files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.encodings import detect_encoding
from qunying.kit.errors import QunyingError
from qunying.kit.tables import BadRow, csv_rows, sniff_delimiter, xlsx_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

MOST_ROWS = 50_000
LARGEST = 5 * 1024 * 1024
"""Bytes of a file."""

COLUMNS = {
    "word": ("word", "词", "词语", "敏感词", "关键词"),
    "reason": ("reason", "why", "原因", "理由", "为什么"),
    "instead": ("instead", "write instead", "改为", "改成", "建议改成", "替换"),
    "exceptions": ("exceptions", "exception", "例外", "白名单"),
}
"""Column → the headings it is known by; without headings, columns come in this order."""

_PARTS = re.compile(r"[;；、，,|\n]+")
_FORMULA = re.compile(r"^'(?=[=+\-@\t\r])")


@dataclass(frozen=True, slots=True)
class Given:
    """A word with what belongs to it, as a row of somebody's file says; `row` counts from 1."""

    row: int
    word: str
    reason: str = ""
    instead: str = ""
    exceptions: tuple[str, ...] = ()


def exceptions_in(text: str) -> tuple[str, ...]:
    """The exceptions that stand in one cell, each once, with any list mark between them."""
    return tuple(dict.fromkeys(part.strip() for part in _PARTS.split(text) if part.strip()))


def words_in_text(text: str) -> list[Given]:
    """Words pasted or typed: one a line, tabs before reason, what to write instead, and exceptions.

    Raises QunyingError where there are too many.
    """
    return _given((number, line.split("\t")) for number, line in enumerate(text.splitlines(), 1))


def words_in_file(path: Path, *, name: str) -> list[Given]:
    """The words of a file, by the ending of its name: .xlsx, .csv, or text with a word a line.

    Raises QunyingError for a file that is too large, that is no workbook though it says so, or holds too many rows.
    """
    if path.stat().st_size > LARGEST:
        raise QunyingError(_("The file is larger than 5 MB. Divide it."))
    if name.lower().endswith(".xlsx"):
        try:
            return _given(xlsx_rows(path))
        except ValueError:
            raise QunyingError(_("“%(name)s” is not a workbook. Save it as XLSX or CSV.") % {"name": name}) from None
    content = path.read_bytes()
    text = content.decode(detect_encoding([content]), errors="replace").removeprefix("\ufeff")
    if "\ufffd" in text or "\x00" in text:
        raise QunyingError(_("“%(name)s” is not text that can be read. Save it as UTF-8.") % {"name": name})
    lines = text.splitlines()
    delimiter = sniff_delimiter(lines) if name.lower().endswith(".csv") else "\t"
    return _given(csv_rows(lines, delimiter=delimiter))


def _given(rows: Iterable[tuple[int, list[str]] | BadRow]) -> list[Given]:
    good: Iterator[tuple[int, list[str]]] = iter(_readable(rows))
    first = next(good, None)
    if first is None:
        return []
    places = _headings(first[1])
    if places is None:
        places, good = {name: at for at, name in enumerate(COLUMNS)}, chain([first], good)
    found = [one for number, cells in good if (one := _one(number, cells, places)).word]
    if len(found) > MOST_ROWS:
        raise QunyingError(_("These are more than %(most)s words. Bring them in parts.") % {"most": f"{MOST_ROWS:,}"})
    return found


def _readable(rows: Iterable[tuple[int, list[str]] | BadRow]) -> Iterable[tuple[int, list[str]]]:
    """Rows as they are; one that cannot be read as a row of cells is taken as it stands."""
    return ((row.number, [row.value]) if isinstance(row, BadRow) else row for row in rows)


def _headings(cells: Iterable[str]) -> dict[str, int] | None:
    """Where which column stands, if these are headings: one of them has to name the word."""
    lowered = [cell.strip().lower() for cell in cells]
    places = {name: lowered.index(known) for name, names in COLUMNS.items() for known in names if known in lowered}
    return places if "word" in places and len(lowered) >= len(places) else None


def _one(number: int, cells: Sequence[str], places: dict[str, int]) -> Given:
    said = {name: _FORMULA.sub("", cells[at]).strip() for name, at in places.items() if at < len(cells)}
    exceptions = exceptions_in(said.get("exceptions", ""))
    return Given(number, said.get("word", ""), said.get("reason", ""), said.get("instead", ""), exceptions)
