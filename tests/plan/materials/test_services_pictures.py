"""Pictures are drawn anew, without what a camera writes beside them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from qunying.kit.errors import QunyingError
from qunying.plan.materials.services_pictures import MOST_BYTES, keep_picture, picture_bytes
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def drawn(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> bytes:
    exif = Image.Exif()
    exif[0x0132] = "2026:03:06 10:00:00"
    with io.BytesIO() as out:
        Image.new(mode, size).save(out, kind, exif=exif)
        return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "media_type"),
    [("JPEG", "RGB", "image/jpeg"), ("PNG", "RGBA", "image/png"), ("WEBP", "RGB", "image/jpeg")],
)
def test_a_picture_is_kept_without_when_and_where_it_was_taken(
    units: Units, kind: str, mode: str, media_type: str
) -> None:
    stored = keep_picture(drawn(kind, mode), name="花.webp", unit=units.shop, by=TESTS)
    raw, told = picture_bytes(stored)
    assert (told, stored.purpose, stored.name.rsplit(".")[0]) == (media_type, "content", "花")
    assert b"2026:03:06" not in raw
    with Image.open(io.BytesIO(raw)) as again:
        assert (again.size, dict(again.getexif())) == ((40, 30), {})


def test_a_large_picture_is_made_smaller(units: Units) -> None:
    stored = keep_picture(drawn("JPEG", size=(5120, 100)), name="宽.jpg", unit=units.shop, by=TESTS)
    with Image.open(io.BytesIO(picture_bytes(stored)[0])) as again:
        assert again.size == (2560, 50)


@pytest.mark.parametrize(
    ("raw", "words"), [(b"GIF89a", "is no PNG, JPEG or WebP"), (b"x" * (MOST_BYTES + 1), "larger than 10 MB")]
)
def test_what_is_no_picture_or_too_large_is_refused(units: Units, raw: bytes, words: str) -> None:
    with pytest.raises(QunyingError, match=words):
        keep_picture(raw, name="a.gif", unit=units.shop, by=TESTS)
