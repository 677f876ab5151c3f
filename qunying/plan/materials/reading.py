"""Scripts as people bring them: CSV and XLSX files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.encodings import detect_encoding
from qunying.kit.errors import QunyingError
from qunying.kit.tables import BadRow, csv_rows, sniff_delimiter, xlsx_rows
from qunying.plan.materials.services_scripts import Said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST = 5 * 1024 * 1024
"""Bytes of a file."""
MOST_ROWS = 5_000
COLUMNS = {
    "situation": ("situation", "场景", "情景", "分类", "类别"),
    "title": ("title", "标题", "名称", "问题"),
    "words": ("words", "what is said", "话术内容", "话术", "内容", "回复", "回答"),
}
"""Column → the headings it is known by; without headings, columns come in this order."""
_FORMULA = re.compile(r"^'(?=[=+\-@\t\r])")


def scripts_in_file(path: Path, *, name: str) -> list[Said]:
    """The scripts of a file, by the ending of its name: .xlsx, else CSV.

    Raises QunyingError for a file that is too large, unreadable, or holds too many rows or none.
    """
    if path.stat().st_size > LARGEST:
        raise QunyingError(_("The file is larger than 5 MB. Divide it."))
    rows = [(row.number, [row.value]) if isinstance(row, BadRow) else row for row in _rows(path, name)]
    places = _headings(rows[0][1]) if rows else None
    if places is None:
        places = {column: at for at, column in enumerate(COLUMNS)}
    else:
        rows = rows[1:]
    if not rows:
        raise QunyingError(_("There is no script in “%(name)s”.") % {"name": name})
    if len(rows) > MOST_ROWS:
        raise QunyingError(_("These are more than %(most)d scripts. Bring them in parts.") % {"most": MOST_ROWS})
    return [_said(number, cells, places) for number, cells in rows if any(cell.strip() for cell in cells)]


def _rows(path: Path, name: str) -> Iterable[tuple[int, list[str]] | BadRow]:
    if name.lower().endswith(".xlsx"):
        try:
            return list(xlsx_rows(path))
        except ValueError:
            raise QunyingError(_("“%(name)s” is not a workbook. Save it as XLSX or CSV.") % {"name": name}) from None
    content = path.read_bytes()
    text = content.decode(detect_encoding([content]), errors="replace").removeprefix("\ufeff")
    if "\ufffd" in text or "\x00" in text:
        raise QunyingError(_("“%(name)s” is not text that can be read. Save it as UTF-8.") % {"name": name})
    lines = text.splitlines(keepends=True)
    return csv_rows(lines, delimiter=sniff_delimiter(lines))


def _headings(cells: list[str]) -> dict[str, int] | None:
    lowered = [cell.strip().lower() for cell in cells]
    places = {name: lowered.index(known) for name, names in COLUMNS.items() for known in names if known in lowered}
    return places if "words" in places else None


def _said(number: int, cells: list[str], places: dict[str, int]) -> Said:
    said = {name: _FORMULA.sub("", cells[at]).strip() for name, at in places.items() if at < len(cells)}
    return Said(said.get("situation", ""), said.get("title", ""), said.get("words", ""), number)
