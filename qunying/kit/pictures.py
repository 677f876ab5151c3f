"""Pictures that people upload, opened without trusting them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture


class NoPictureError(ValueError):
    """The bytes are no picture of the kinds that were asked for, or a broken one."""


class TooManyPixelsError(ValueError):
    """The picture unpacks to more points than anybody wants to hold."""


def open_picture(raw: bytes, *, kinds: tuple[str, ...], most_pixels: int, upright: bool = False) -> Picture:
    """The picture in these bytes, unpacked; `kinds` are Pillow's names of formats.

    With `upright` it is turned as its camera says it was held. Raises TooManyPixelsError before anything is unpacked,
    and NoPictureError.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw), formats=kinds) as picture:
            if picture.width * picture.height <= most_pixels:
                picture.load()
                return (ImageOps.exif_transpose(picture) if upright else picture).copy()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NoPictureError from None
    raise TooManyPixelsError
