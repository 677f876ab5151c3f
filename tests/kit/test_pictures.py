"""What people upload is opened as a picture of a few kinds and sizes, or not at all."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from qunying.kit.pictures import NoPictureError, TooManyPixelsError, open_picture

LYING = 6
"""The camera was held so that the picture has to be turned by a quarter."""


def drawn(kind: str, size: tuple[int, int] = (4, 2)) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = LYING
    with io.BytesIO() as out:
        Image.new("RGB", size, "white").save(out, kind, exif=exif)
        return out.getvalue()


@pytest.mark.parametrize(("upright", "size"), [(False, (4, 2)), (True, (2, 4))])
def test_it_is_turned_only_where_asked(upright: bool, size: tuple[int, int]) -> None:
    assert open_picture(drawn("JPEG"), kinds=("JPEG",), most_pixels=8, upright=upright).size == size


def test_one_point_too_many_is_refused() -> None:
    with pytest.raises(TooManyPixelsError):
        open_picture(drawn("PNG"), kinds=("PNG",), most_pixels=7)


@pytest.mark.parametrize("raw", [b"", b"<svg/>", drawn("JPEG"), drawn("PNG", (300, 300))[:200]])
def test_another_kind_or_half_a_picture_is_none(raw: bytes) -> None:
    with pytest.raises(NoPictureError):
        open_picture(raw, kinds=("PNG",), most_pixels=1_000_000)
