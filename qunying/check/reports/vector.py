"""Drawings (SVG) as pictures: what could run, reach out or swell is refused; the rest is drawn once and kept as PNG."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 300_000
MOST_PARTS = 5_000
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = frozenset(
    {"svg", "g", "defs", "title", "desc", "metadata", "style", "path", "rect", "circle", "ellipse", "line", "polyline"}
    | {"polygon", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "text", "tspan"}
)
"""What a drawing may be made of. No `use`: one that names others that name others swells without end."""
_REACHES = re.compile(r"url\s*\(\s*['\"]?\s*(?!#|['\"])|@import|javascript:|expression\s*\(|\\", re.IGNORECASE)
_PAGE = """#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image(bytes(sys.inputs.svg), format: "svg", height: 160pt)
"""


def is_svg(raw: bytes) -> bool:
    """Whether this claims to be an SVG drawing."""
    return b"<svg" in raw[:2000].lower()


def svg_as_png(raw: bytes) -> bytes:
    """The drawing as PNG of 160 points high; raises QunyingError for one that is unsafe, too large or broken."""
    if len(raw) > MOST_BYTES:
        raise QunyingError(_("The drawing is larger than 300 KB. Make it simpler, or save it as PNG."))
    try:
        root = fromstring(raw, forbid_dtd=True)
        text = raw.decode("utf-8")
    except (DefusedXmlException, ParseError, ValueError):
        raise QunyingError(_("The drawing cannot be read. Save it as plain SVG in UTF-8, or as PNG.")) from None
    _check(root)
    return _draw(text)


def _check(root: Element) -> None:
    parts = list(root.iter())
    if root.tag != f"{_SVG}svg" or len(parts) > MOST_PARTS:
        raise QunyingError(_("The drawing cannot be read. Save it as plain SVG in UTF-8, or as PNG."))
    for part in parts:
        name = str(part.tag).removeprefix(_SVG)
        foreign = name.startswith("{") and "xhtml" not in name
        if (name not in _DRAWN and not foreign) or _is_unsafe(part):
            words = _("The drawing holds “%(part)s”, which could run or reach out. Save it as plain SVG, or as PNG.")
            raise QunyingError(words % {"part": name})


def _is_unsafe(part: Element) -> bool:
    """Something that runs on an event, names what lies elsewhere, or hides it in a style."""
    for name, value in part.attrib.items():
        plain = name.rsplit("}", 1)[-1].lower()
        if plain.startswith("on") or (plain in {"href", "src"} and not value.startswith("#")) or _REACHES.search(value):
            return True
    return bool(_REACHES.search(part.text or ""))


def _draw(text: str) -> bytes:
    import typst  # noqa: PLC0415 - 20 MB that only drawings and reports on paper need

    try:
        return bytes(
            typst.compile(_PAGE.encode(), format="png", ppi=72.0, sys_inputs={"svg": text}, ignore_system_fonts=True)
        )
    except (typst.TypstError, RuntimeError):
        raise QunyingError(_("The drawing cannot be read. Save it as plain SVG in UTF-8, or as PNG.")) from None
