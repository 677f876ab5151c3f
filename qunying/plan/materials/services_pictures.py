"""Verbs on pictures: take one in, drawn anew so that nothing but the picture is kept."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.files.services import path_of, store_file
from qunying.kit.errors import QunyingError
from qunying.kit.pictures import NoPictureError, TooManyPixelsError, open_picture

if TYPE_CHECKING:
    from PIL.Image import Image as Drawing

    from qunying.ground.audit.actors import Actor
    from qunying.ground.files.models import StoredFile
    from qunying.ground.units.models import Unit

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
PURPOSE = "content"
_KINDS = ("PNG", "JPEG", "WEBP")
_SIDE = 2560


def keep_picture(raw: bytes, *, name: str, unit: Unit, by: Actor) -> StoredFile:
    """Keep a PNG, JPEG or WebP as PNG or JPEG of at most 2560 points a side, without place, camera or time of taking.

    Raises QunyingError for what is too large or no such picture.
    """
    if len(raw) > MOST_BYTES:
        raise QunyingError(_("“%(name)s” is larger than 10 MB. Make it smaller.") % {"name": name})
    drawn, kind = _draw_anew(_read(raw, name))
    stem = name.rsplit(".", 1)[0][:200] or "picture"
    suffix = "png" if kind == "PNG" else "jpg"
    return store_file(io.BytesIO(drawn), name=f"{stem}.{suffix}", purpose=PURPOSE, unit=unit, by=by, pictures=True)


def picture_bytes(stored: StoredFile) -> tuple[bytes, str]:
    """The picture and its media type."""
    raw = path_of(stored).read_bytes()
    return raw, "image/png" if raw.startswith(b"\x89PNG") else "image/jpeg"


def _read(raw: bytes, name: str) -> Drawing:
    try:
        return open_picture(raw, kinds=_KINDS, most_pixels=MOST_PIXELS, upright=True)
    except TooManyPixelsError:
        words = _("“%(name)s” has more than 40 million pixels. Make it smaller.")
        raise QunyingError(words % {"name": name}) from None
    except NoPictureError:
        raise QunyingError(_("“%(name)s” is no PNG, JPEG or WebP picture.") % {"name": name}) from None


def _draw_anew(picture: Drawing) -> tuple[bytes, str]:
    picture.thumbnail((_SIDE, _SIDE))
    clear = "A" in picture.mode or "transparency" in picture.info
    kind, mode = ("PNG", "RGBA") if clear else ("JPEG", "RGB")
    drawn = picture.convert(mode)
    drawn.info = {}
    with io.BytesIO() as out:
        drawn.save(out, kind, **({} if clear else {"quality": 88}))
        return out.getvalue(), kind
