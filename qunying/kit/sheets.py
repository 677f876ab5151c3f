"""Tables for people to take away: CSV that spreadsheets open rightly, and XLSX; no cell can act as a formula."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING

import xlsxwriter

from qunying.kit.tables import neutralise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BOM = "\ufeff"


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV text in pieces, beginning with the mark by which spreadsheets know UTF-8. Numbers stay numbers."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(_BOM)
    writer.writerow([neutralise(name) for name in columns])
    for row in rows:
        writer.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def write_xlsx(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[object]], *, sheet: str) -> None:
    """Write one sheet, row by row, so that memory stays flat; text is never read as formula or link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet(sheet[:31])
        page.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, name in enumerate(columns):
            page.write_string(0, place, neutralise(name), bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(line, place, neutralise(cell))
                elif cell is not None:
                    page.write(line, place, cell)
