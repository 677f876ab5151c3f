"""The report on paper: PDF by typst, with the Chinese font that the package carries."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.check.reports.look import colours
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.check.reports.blocks import Sheet

FONT = "Noto Sans SC"
FONTS = Path(__file__).resolve().parents[2] / "fonts"
_TEMPLATE = Path(__file__).with_name("weekly.typ")
_UNSEEN = {0x200D, *range(0xFE00, 0xFE10)}
"""What joins or varies emoji: it has no picture of its own."""


def as_pdf(sheet: Sheet) -> bytes:
    """A4 pages with embedded fonts; raises QunyingError where the Chinese font is missing.

    Typst prints an empty box for a sign the font lacks and says nothing. So the font is looked for
    first, and signs it lacks (emoji in names, mostly) are set as a plain “▢”.
    """
    import typst  # noqa: PLC0415 - 20 MB that only a report on paper needs

    printable = _printable(FONTS)
    plain = _replaced(asdict(sheet), printable)
    inputs = {"sheet": json.dumps(plain, ensure_ascii=False), "colours": json.dumps(colours()), "font": FONT}
    pdf, warnings = typst.compile_with_warnings(
        str(_TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf", sys_inputs=inputs
    )
    if warnings:
        raise RuntimeError(f"typst warns: {warnings[0]}")
    return bytes(pdf)


@cache
def _printable(folder: Path) -> frozenset[int]:
    """The code points the regular font of this folder can draw."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only a report on paper needs it

    found = sorted(folder.glob("NotoSansSC-*.ttf"))
    if not found:
        raise QunyingError(
            _("The Chinese font is not built, and a PDF without it would be full of empty boxes. Run “make assets”.")
        )
    with TTFont(found[-1], lazy=True) as font:
        return frozenset(font.getBestCmap())


def _replaced(value: Any, printable: frozenset[int]) -> Any:
    if isinstance(value, str):
        return _replaced_text(value, printable)
    if isinstance(value, dict):
        return {name: _replaced(inner, printable) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(inner, printable) for inner in value]
    return value


def _replaced_text(text: str, printable: frozenset[int]) -> str:
    if all(ord(sign) in printable for sign in text):
        return text
    kept = (sign for sign in text if ord(sign) not in _UNSEEN)
    return "".join(sign if ord(sign) in printable or sign.isspace() else "▢" for sign in kept)
