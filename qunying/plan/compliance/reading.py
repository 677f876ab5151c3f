"""Words as people bring them: pasted lines, text, CSV and XLSX files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.uploaded import named_cells, sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MOST_ROWS = 50_000
COLUMNS = {
    "word": ("word", "词", "词语", "敏感词", "关键词"),
    "reason": ("reason", "why", "原因", "理由", "为什么"),
    "instead": ("instead", "write instead", "改为", "改成", "建议改成", "替换"),
    "exceptions": ("exceptions", "exception", "例外", "白名单"),
}
"""Column → the headings it is known by; without headings, columns come in this order."""

_PARTS = re.compile(r"[;；、，,|\n]+")


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
    return _given(sheet_rows(path, name=name, tabs=True))


def _given(rows: Iterator[tuple[int, list[str]]]) -> list[Given]:
    found = [one for number, said in named_cells(rows, COLUMNS, needed="word") if (one := _one(number, said)).word]
    if len(found) > MOST_ROWS:
        raise QunyingError(_("These are more than %(most)s words. Bring them in parts.") % {"most": f"{MOST_ROWS:,}"})
    return found


def _one(number: int, said: Mapping[str, str]) -> Given:
    exceptions = exceptions_in(said.get("exceptions", ""))
    return Given(number, said.get("word", ""), said.get("reason", ""), said.get("instead", ""), exceptions)
