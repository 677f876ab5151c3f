"""Short tables that people upload: a workbook or text, with headings or without, row by row."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.encodings import detect_encoding
from qunying.kit.errors import QunyingError
from qunying.kit.tables import BadRow, csv_rows, sniff_delimiter, xlsx_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

LARGEST = 5 * 1024 * 1024
"""Bytes of a file."""
_FORMULA = re.compile(r"^'(?=[=+\-@\t\r])")
Row = tuple[int, list[str]]


def sheet_rows(path: Path, *, name: str, tabs: bool = False) -> Iterator[Row]:
    """The rows of a file with their numbers, the first being 1: of a workbook where its name ends so, else of text.

    With `tabs`, cells of text that is not called .csv stand between tabs. A row that cannot be read as cells is one
    cell. Raises QunyingError for what is too large, or not what it is called.
    """
    if path.stat().st_size > LARGEST:
        raise QunyingError(_("The file is larger than 5 MB. Divide it."))
    if name.lower().endswith(".xlsx"):
        try:
            return as_rows(list(xlsx_rows(path)))
        except ValueError:
            raise QunyingError(_("“%(name)s” is not a workbook. Save it as XLSX or CSV.") % {"name": name}) from None
    content = path.read_bytes()
    text = content.decode(detect_encoding([content]), errors="replace").removeprefix("\ufeff")
    if "\ufffd" in text or "\x00" in text:
        raise QunyingError(_("“%(name)s” is not text that can be read. Save it as UTF-8.") % {"name": name})
    lines = text.splitlines(keepends=True)
    by_tab = tabs and not name.lower().endswith(".csv")
    return as_rows(csv_rows(lines, delimiter="\t" if by_tab else sniff_delimiter(lines)))


def as_rows(rows: Iterable[Row | BadRow]) -> Iterator[Row]:
    """Rows as they are; one that cannot be read as a row of cells is taken as it stands."""
    return ((row.number, [row.value]) if isinstance(row, BadRow) else row for row in rows)


def named_cells(
    rows: Iterator[Row], columns: Mapping[str, Sequence[str]], *, needed: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's number with its cells by column, tidied; what a spreadsheet put before a formula is taken off.

    `columns` are the names each is known by. The first row is taken for headings where it names the `needed` column;
    without headings, columns come in this order.
    """
    first = next(rows, None)
    if first is None:
        return
    places = _headings(first[1], columns, needed)
    if places is None:
        places, rows = {column: at for at, column in enumerate(columns)}, chain([first], rows)
    for number, cells in rows:
        yield number, {name: _FORMULA.sub("", cells[at]).strip() for name, at in places.items() if at < len(cells)}


def _headings(cells: list[str], columns: Mapping[str, Sequence[str]], needed: str) -> dict[str, int] | None:
    lowered = [cell.strip().lower() for cell in cells]
    places = {name: lowered.index(known) for name, names in columns.items() for known in names if known in lowered}
    return places if needed in places else None
