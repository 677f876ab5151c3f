"""The picture on the cover: the house's own logo, or a neutral mark where none was put in place."""

from __future__ import annotations

import io
from base64 import b64encode
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, UnidentifiedImageError

from qunying.check.reports.look import colours
from qunying.kit.errors import QunyingError

MOST_BYTES = 2_000_000
MOST_PIXELS = 16_000_000
_KINDS = ("PNG", "JPEG")
_WIDE, _HIGH = 480, 160
_NAMES = ("logo.png", "logo.jpg")


def logo_png() -> bytes:
    """The logo as PNG of at most 480 × 160 points, drawn anew so that nothing but its picture is passed on.

    Raises QunyingError where the file named by QUNYING_LOGO is missing, too large, or no PNG or JPEG.
    """
    path = _path()
    if path is None:
        return neutral_mark()
    with io.BytesIO() as out:
        picture = _read(path)
        picture.thumbnail((_WIDE, _HIGH))
        picture.convert("RGBA").save(out, "PNG")
        return out.getvalue()


def logo_address() -> str:
    """The logo as the address of an HTML picture: the file itself, in it."""
    return f"data:image/png;base64,{b64encode(logo_png()).decode()}"


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
        with Image.open(path, formats=_KINDS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise QunyingError(_("The logo %(path)s has more than 16 million pixels. Make it smaller.") % _at(path))
            picture.load()
            return picture.copy()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise QunyingError(_("The logo %(path)s is no PNG or JPEG picture.") % _at(path)) from None


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
