from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from qunying.check.reports.logo import logo_png, neutral_mark
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: SettingsWrapper) -> Path:
    settings.HOME, settings.LOGO = tmp_path, ""
    return tmp_path


def _size(raw: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(raw), formats=["PNG"]) as picture:
        return picture.size


def test_without_a_logo_there_is_a_neutral_mark() -> None:
    assert logo_png() == neutral_mark()
    assert _size(neutral_mark()) == (160, 160)


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_the_logo_of_the_home_is_taken_and_made_small(home: Path, kind: str) -> None:
    Image.new("RGB", (1200, 200), "#123456").save(home / f"logo.{kind}")
    assert _size(logo_png()) == (480, 80)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG, JPEG or SVG"),
        (b"\x89PNG\r\n\x1a\nbroken", "no PNG, JPEG or SVG"),
        (b"x" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_what_is_no_picture_is_refused(home: Path, settings: SettingsWrapper, content: bytes, words: str) -> None:
    path = home / "other.png"
    path.write_bytes(content)
    settings.LOGO = str(path)
    with pytest.raises(QunyingError, match=words):
        logo_png()


def test_a_logo_that_is_not_there_is_named(home: Path, settings: SettingsWrapper) -> None:
    settings.LOGO = str(home / "nowhere.png")
    with pytest.raises(QunyingError, match=r"nowhere\.png cannot be read"):
        logo_png()
