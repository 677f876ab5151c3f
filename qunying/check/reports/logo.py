"""The picture on the cover: the logo of the unit or of one above it, else the house's own, else a neutral mark."""

from __future__ import annotations

import io
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from qunying.check.reports.logos import MOST_BYTES, logo_of, picture_address
from qunying.check.reports.look import colours
from qunying.check.reports.vector import is_svg, svg_as_png
from qunying.kit.errors import QunyingError
from qunying.kit.pictures import NoPictureError, TooManyPixelsError, open_picture

MOST_PIXELS = 16_000_000
_KINDS = ("PNG", "JPEG")
_WIDE, _HIGH = 480, 160
_NAMES = ("logo.png", "logo.jpg")


def logo_png(unit: int | None = None) -> bytes:
    """The logo of this unit (id) as PNG of at most 480 × 160 points, drawn anew so that only its picture is passed on.

    A unit without one bears that of the nearest unit above it, else that of the installation. Raises QunyingError
    where the file named by QUNYING_LOGO is missing, too large, or no PNG or JPEG.
    """
    found = logo_of(unit) if unit else None
    if found is not None:
        return bytes(found.png)
    path = _path()
    return neutral_mark() if path is None else _small(_read(path))


def as_logo(raw: bytes) -> bytes:
    """An uploaded PNG, JPEG or SVG as it is kept; raises QunyingError where it is too large, unsafe or none of them."""
    if len(raw) > MOST_BYTES:
        raise QunyingError(_("The picture is larger than 2 MB. Make it smaller."))
    if not raw:
        raise QunyingError(_("Choose a picture first: PNG, JPEG or SVG."))
    return _small(picture_of(svg_as_png(raw) if is_svg(raw) else raw))


def picture_of(raw: bytes) -> Image.Image:
    """The PNG or JPEG in these bytes; raises QunyingError where there is none, or one of too many pixels."""
    try:
        return open_picture(raw, kinds=_KINDS, most_pixels=MOST_PIXELS)
    except TooManyPixelsError:
        raise QunyingError(_("The picture has more than 16 million pixels. Make it smaller.")) from None
    except NoPictureError:
        raise QunyingError(_("This is no PNG, JPEG or SVG picture.")) from None


def _small(picture: Image.Image) -> bytes:
    picture.thumbnail((_WIDE, _HIGH))
    with io.BytesIO() as out:
        picture.convert("RGBA").save(out, "PNG")
        return out.getvalue()


def logo_address(unit: int | None = None) -> str:
    """The logo as the address of an HTML picture: the file itself, in it."""
    return picture_address(logo_png(unit))


def _path() -> Path | None:
    if settings.LOGO:
        return Path(settings.LOGO).expanduser()
    return next((path for name in _NAMES if (path := Path(settings.HOME) / name).is_file()), None)


def _read(path: Path) -> Image.Image:
    try:
        size = path.stat().st_size
    except OSError:
        raise QunyingError(_("The logo %(path)s cannot be read. Put it there, or name another.") % _at(path)) from None
    if size > MOST_BYTES:
        raise QunyingError(_("The logo %(path)s is larger than 2 MB. Make it smaller.") % _at(path))
    try:
        return picture_of(path.read_bytes())
    except QunyingError as error:
        raise QunyingError(_("The logo %(path)s does not serve: %(why)s") % (_at(path) | {"why": str(error)})) from None


def _at(path: Path) -> dict[str, str]:
    return {"path": str(path)}


def neutral_mark() -> bytes:
    """Three dots in a ring: people who meet; in the brand's colour, standing for nobody."""
    side, ink = 160, colours()["brand"]
    picture = Image.new("RGBA", (side * 4, side * 4), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, side * 4 - 1, side * 4 - 1), radius=side, fill=ink)
    for x, y, radius in ((320, 210, 74), (205, 410, 74), (435, 410, 74)):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#FFFFFF")
    with io.BytesIO() as out:
        picture.resize((side, side), Image.Resampling.LANCZOS).save(out, "PNG")
        return out.getvalue()
