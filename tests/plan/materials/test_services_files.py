"""Files are taken by what is in them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from qunying.ground.files.models import StoredFile
from qunying.kit.errors import QunyingError
from qunying.plan.materials.services_files import MOST_BYTES, take_file
from tests.support.cast import TESTS
from tests.support.materials import MP3, MP4, PDF, office, picture_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (picture_bytes(), ("picture", "image/jpeg", "x.jpg")),
        (MP4, ("video", "video/mp4", "x.mp4")),
        (MP4.replace(b"isom", b"qt  ", 1), ("video", "video/quicktime", "x.mov")),
        (MP4.replace(b"isom", b"M4A ", 1), ("audio", "audio/mp4", "x.m4a")),
        (b"\x1aE\xdf\xa3" + b"\x00" * 20, ("video", "video/webm", "x.webm")),
        (MP3, ("audio", "audio/mpeg", "x.mp3")),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", ("audio", "audio/wav", "x.wav")),
        (PDF, ("document", "application/pdf", "x.pdf")),
        (
            office(),
            ("document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "x.docx"),
        ),
    ],
)
def test_the_name_does_not_matter(raw: bytes, told: tuple[str, str, str], units: Units) -> None:
    body = take_file(io.BytesIO(raw), name="x.exe", size=len(raw), unit=units.shop, by=TESTS)
    assert body.file is not None
    assert (body.kind, body.media_type, body.file.name) == told


@pytest.mark.parametrize(
    "raw",
    [
        b"MZ\x90\x00",
        b"<html><script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        MP4.replace(b"isom", b"heic", 1),
        office(macros=True),
        office("evil.bin"),
        b"PK\x03\x04broken",
        b"",
    ],
)
def test_what_the_library_does_not_take_is_refused(raw: bytes, units: Units) -> None:
    with pytest.raises(QunyingError, match=r"x\.mp4"):
        take_file(io.BytesIO(raw), name="x.mp4", size=len(raw), unit=units.shop, by=TESTS)
    assert StoredFile.objects.count() == 0


def test_each_kind_has_a_size_of_its_own(units: Units) -> None:
    with pytest.raises(QunyingError, match="50 MB"):
        take_file(io.BytesIO(MP3), name="x", size=MOST_BYTES["audio"] + 1, unit=units.shop, by=TESTS)  # type: ignore[index]
