"""Rows of CSV, XLSX and JSONL files, one at a time, and what is wrong with those that are not rows."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineError, CalamineWorkbook

from qunying.kit.encodings import is_broken, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_DELIMITERS = ",\t;|"
_LOOK_AT = 20
_BANNERS = 10
_WIDE = 3
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CELL = 120
_ESCAPES = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read at all: its number, a reason code, and what stands there."""

    number: int
    reason: str
    column: str = ""
    value: str = ""


TableRow = tuple[int, "Mapping[str, Any]"]


def sniff_delimiter(lines: Sequence[str]) -> str:
    """The character that cuts these first lines into the most even columns; a comma where none does."""
    return max(_DELIMITERS, key=lambda mark: _evenness(lines, mark))


def _evenness(lines: Sequence[str], mark: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in csv.reader(lines[:_LOOK_AT], delimiter=mark) if row]
    except csv.Error:
        return 0.0, 0
    width, often = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return (often / len(widths), width) if width > 1 else (0.0, 0)


def csv_rows(lines: Iterable[str], *, delimiter: str) -> Iterator[tuple[int, list[str]] | BadRow]:
    """Rows with their numbers, the first being 1; empty ones are passed over but counted."""
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(number, "unreadable_row", value=str(error))
            continue
        if row and not (len(row) == 1 and not row[0].strip()):
            yield number, row


def named_rows(
    rows: Iterator[tuple[int, list[str]] | BadRow], *, spare: int = 0
) -> tuple[list[str], Iterator[TableRow | BadRow]]:
    """The header, and the rows under it by column name; a row that does not fit under it is a BadRow.

    Lines of a single cell above a wider header (“exported on …”) are passed over. Rows may be up to `spare`
    cells longer than the header; what stands there is left out.
    """
    first = list(islice(rows, _BANNERS))
    at = _header_at(first)
    header = first[at] if at < len(first) else None
    names = [] if header is None or isinstance(header, BadRow) else _once([name.strip() for name in header[1]])
    bad = (row for row in first[:at] if isinstance(row, BadRow))
    return names, _fit(names, chain(bad, first[at + 1 :], rows), spare)


def _header_at(first: list[tuple[int, list[str]] | BadRow]) -> int:
    """Where the header is: the first row, or the first of several cells after rows of one."""
    widths = [0 if isinstance(row, BadRow) else sum(1 for cell in row[1] if cell.strip()) for row in first]
    start = next((at for at, width in enumerate(widths) if width), len(first))
    if start < len(first) and widths[start] == 1:
        return next((at for at, width in enumerate(widths) if width >= _WIDE), start)
    return start


def _fit(names: list[str], rows: Iterable[tuple[int, list[str]] | BadRow], spare: int) -> Iterator[TableRow | BadRow]:
    width = len(names)
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        number, cells = row
        if len(cells) > width + spare and any(cells[width:]):
            yield BadRow(number, "too_many_cells", value=shown(" | ".join(cells[width:]))[:_CELL])
            continue
        if is_broken("".join(cells)):
            broken = next(place for place, cell in enumerate(cells) if is_broken(cell))
            yield BadRow(number, "broken_text", names[broken] if broken < width else "", shown(cells[broken])[:_CELL])
            continue
        yield number, dict(zip(names, cells, strict=False))


def _once(names: list[str]) -> list[str]:
    """Names made unique: a second “note” becomes “note (2)”."""
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def jsonl_rows(lines: Iterable[str]) -> Iterator[TableRow | BadRow]:
    """Objects, one a line, with line numbers; empty lines are passed over but counted."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        record = _parsed(line)
        if is_broken(line) or (_ESCAPES.search(line) and _hides_broken(line, record)):
            yield BadRow(number, "broken_text", value=shown(line)[:_CELL])
        elif isinstance(record, dict):
            yield number, record
        else:
            yield BadRow(number, "not_json", value=line.strip()[:_CELL])


def _hides_broken(line: str, record: Any) -> bool:
    """Whether escapes in a JSON line stand for NUL or for half a letter; two halves make a good one."""
    return "\\u0000" in line or is_broken(json.dumps(record, ensure_ascii=False))


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def jsonl_header(lines: Iterable[str]) -> list[str]:
    """The keys of the first objects, in order of appearance."""
    rows = islice(jsonl_rows(lines), _LOOK_AT)
    return list(dict.fromkeys(name for row in rows if not isinstance(row, BadRow) for name in row[1]))


def xlsx_rows(path: Path, *, sheet: str = "") -> Iterator[tuple[int, list[str]] | BadRow]:
    """Rows of one sheet (the first that holds anything, unless named) as text; ValueError where it is no workbook.

    The whole sheet is unpacked in memory: about 600 MB for the million rows a sheet can hold.
    """
    try:
        book = CalamineWorkbook.from_path(path)
        table = book.get_sheet_by_name(sheet or _first_full(book))
    except CalamineError as error:
        raise ValueError(str(error)) from error
    for number, row in enumerate(table.iter_rows(), 1):
        cells = [cell_text(cell) for cell in row]
        if any(cells):
            yield number, cells


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook; ValueError where it is none."""
    try:
        return list(CalamineWorkbook.from_path(path).sheet_names)
    except CalamineError as error:
        raise ValueError(str(error)) from error


def _first_full(book: CalamineWorkbook) -> str:
    names = list(book.sheet_names)
    return next((name for name in names if book.get_sheet_by_name(name).height), names[0])


def cell_text(value: Any) -> str:
    """A cell as one would have typed it: no .0 behind whole numbers, no binary noise in decimals, ISO dates."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(float(f"{value:.15g}"))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def neutralise(value: str) -> str:
    """The text, so marked that no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
