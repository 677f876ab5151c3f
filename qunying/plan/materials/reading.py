"""Scripts as people bring them: CSV and XLSX files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.uploaded import named_cells, sheet_rows
from qunying.plan.materials.services_scripts import Said

if TYPE_CHECKING:
    from pathlib import Path

MOST_ROWS = 5_000
COLUMNS = {
    "situation": ("situation", "场景", "情景", "分类", "类别"),
    "title": ("title", "标题", "名称", "问题"),
    "words": ("words", "what is said", "话术内容", "话术", "内容", "回复", "回答"),
}
"""Column → the headings it is known by; without headings, columns come in this order."""


def scripts_in_file(path: Path, *, name: str) -> list[Said]:
    """The scripts of a file, by the ending of its name: .xlsx, else CSV.

    Raises QunyingError for a file that is too large, unreadable, or holds too many rows or none.
    """
    rows = list(named_cells(sheet_rows(path, name=name), COLUMNS, needed="words"))
    if not rows:
        raise QunyingError(_("There is no script in “%(name)s”.") % {"name": name})
    if len(rows) > MOST_ROWS:
        raise QunyingError(_("These are more than %(most)d scripts. Bring them in parts.") % {"most": MOST_ROWS})
    return [_said(number, cells) for number, cells in rows if any(cells.values())]


def _said(number: int, cells: dict[str, str]) -> Said:
    return Said(cells.get("situation", ""), cells.get("title", ""), cells.get("words", ""), number)
