"""Codes of links as they are printed: with the community and the channel under them, so that no two are mixed up."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import segno
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMS = {"png": "image/png", "svg": "image/svg+xml"}
"""Form of a file → its media type."""
_FONT = Path(__file__).resolve().parents[2] / "fonts" / "NotoSansSC-Regular.ttf"
_SCALE, _BORDER, _LETTER = 24, 4, 40
_LONGEST = 24
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def draw_code(address: str, *, title: str, form: str) -> bytes:
    """The address as a QR code with the title under it, as `png` (about 900 points wide) or `svg` (for print shops).

    A quarter of it (level Q) may be dirty or torn, and it still opens.
    """
    code = segno.make(address, error="q", micro=False, boost_error=False)
    return _svg(code, title) if form == "svg" else _png(code, title)


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"


def _svg(code: segno.QRCode, title: str) -> bytes:
    wide, high = code.symbol_size(border=_BORDER)
    inner = code.svg_inline(border=_BORDER, omitsize=True, svgclass=None, lineclass=None)
    placed = inner.replace("<svg ", f'<svg x="0" y="0" width="{wide}" height="{high}" ', 1)
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{high + 4}mm" '
        f'viewBox="0 0 {wide} {high + 4}">'
        f'<rect width="100%" height="100%" fill="white"/>{placed}'
        f'<text x="{wide / 2}" y="{high + 1}" font-family="Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif" '
        f'font-size="1.8" text-anchor="middle">{escape(_shortened(title))}</text></svg>'
    )
    return text.encode()


def _png(code: segno.QRCode, title: str) -> bytes:
    with io.BytesIO() as plain:
        code.save(plain, kind="png", scale=_SCALE, border=_BORDER)
        drawn = Image.open(plain).convert("L")
    sheet = Image.new("L", (drawn.width, drawn.height + 2 * _LETTER), 255)
    sheet.paste(drawn, (0, 0))
    font = ImageFont.truetype(str(_FONT), _LETTER)
    ImageDraw.Draw(sheet).text((drawn.width / 2, drawn.height), _shortened(title), font=font, fill=0, anchor="mm")
    with io.BytesIO() as out:
        sheet.save(out, "PNG", optimize=True)
        return out.getvalue()


def pack_codes(codes: Iterable[tuple[str, str, str]]) -> bytes:
    """A ZIP with a PNG and an SVG of each (file name, title, address); equal names are numbered."""
    used: set[str] = set()
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, title, address in codes:
                stem = _free(file_stem(name), used)
                for form in FORMS:
                    archive.writestr(f"{stem}.{form}", draw_code(address, title=title, form=form))
        return out.getvalue()


def file_stem(name: str) -> str:
    """A name as every system takes it for a file."""
    return _UNSAFE.sub("-", name).strip(" .") or "code"


def _free(stem: str, used: set[str]) -> str:
    found, number = stem, 2
    while found.casefold() in used:
        found, number = f"{stem}-{number}", number + 1
    used.add(found.casefold())
    return found
