"""The report on paper: PDF by typst, with the Chinese font that the package carries."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.check.reports.logo import logo_png
from qunying.check.reports.look import colours
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.check.reports.blocks import Sheet

FONT = "Noto Sans SC"
FONTS = Path(__file__).resolve().parents[2] / "fonts"
_TEMPLATE = Path(__file__).with_name("report.typ")


def as_pdf(sheet: Sheet) -> bytes:
    """A4 pages with embedded fonts; raises QunyingError where the Chinese font is missing.

    Typst prints an empty box for a sign the font lacks and says nothing. So the font is looked for
    first, and signs it lacks (emoji in names, mostly) are left out, which the last line then says.
    """
    import typst  # noqa: PLC0415 - 20 MB that only a report on paper needs

    words = json.dumps(asdict(sheet), ensure_ascii=False)
    printable = _printable(FONTS)
    plain = json.loads("".join(sign for sign in words if ord(sign) in printable))
    if any(ord(sign) not in printable for sign in words):
        plain["footer"].append(_("Signs that cannot be printed, such as emoji in names, are left out on paper."))
    plain["logo"] = list(logo_png(sheet.unit))
    inputs = {"sheet": json.dumps(plain, ensure_ascii=False), "colours": json.dumps(colours()), "font": FONT}
    pdf, warnings = typst.compile_with_warnings(
        str(_TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf", sys_inputs=inputs
    )
    if warnings:
        raise RuntimeError(f"typst warns: {warnings[0]}")
    return bytes(pdf)


def font_file(folder: Path | None = None) -> Path:
    """The regular Chinese font; raises QunyingError where it was never built."""
    found = sorted((folder or FONTS).glob("NotoSansSC-*.ttf"))
    if not found:
        raise QunyingError(
            _("The Chinese font is not built, and a PDF without it would be full of empty boxes. Run “make assets”.")
        )
    return found[-1]


@cache
def _printable(folder: Path) -> frozenset[int]:
    """The code points the regular font of this folder can draw."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only a report on paper needs it

    with TTFont(font_file(folder), lazy=True) as font:
        return frozenset(font.getBestCmap())
