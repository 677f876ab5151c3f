"""Pictures as they are kept and codes as they are printed; loads what draws."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from PIL import Image

from qunying.kit.errors import QunyingError
from qunying.kit.pictures import NoPictureError, TooManyPixelsError, open_picture

MOST_BYTES = 5_000_000
MOST_PIXELS = 30_000_000
_KINDS = ("PNG", "JPEG", "WEBP")
_LEAST, _MOST = 150, 1000
_QUALITY = 86


def as_group_picture(raw: bytes) -> bytes:
    """An uploaded PNG, JPEG or WebP drawn anew as a JPEG of at most 1000 × 1000 points, with nothing but its picture.

    Where it was taken, by whom and with what goes away with the rest of its metadata. Raises QunyingError where it is
    too large, too small to be scanned, or no such picture.
    """
    if not raw:
        raise QunyingError(_("Choose a picture first: the group's code as PNG, JPEG or WebP."))
    if len(raw) > MOST_BYTES:
        raise QunyingError(_("The picture is larger than 5 MB. Send a screenshot instead."))
    picture = _opened(raw)
    if min(picture.size) < _LEAST:
        raise QunyingError(
            _("The picture has fewer than %(least)d points a side; nobody can scan it.") % {"least": _LEAST}
        )
    picture.thumbnail((_MOST, _MOST))
    with io.BytesIO() as out:
        _flat(picture).save(out, "JPEG", quality=_QUALITY, optimize=True)
        return out.getvalue()


def _opened(raw: bytes) -> Image.Image:
    try:
        return open_picture(raw, kinds=_KINDS, most_pixels=MOST_PIXELS, upright=True)
    except TooManyPixelsError:
        raise QunyingError(_("The picture has more than 30 million points. Send a screenshot instead.")) from None
    except NoPictureError:
        raise QunyingError(_("This is no PNG, JPEG or WebP picture. Take a screenshot of the group's code.")) from None


def _flat(picture: Image.Image) -> Image.Image:
    """On white, for a JPEG knows nothing transparent."""
    seen = picture.convert("RGBA")
    ground = Image.new("RGBA", seen.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, seen).convert("RGB")
