"""Players get the bytes they ask for, and nothing that is not there."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.test import RequestFactory

from qunying.doors.console.ranges import file_answer
from qunying.ground.files.services import store_file
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pathlib import Path

    from django.http.response import HttpResponseBase
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.files.models import StoredFile

pytestmark = pytest.mark.django_db
TEN = b"0123456789"


@pytest.fixture
def file(settings: SettingsWrapper, tmp_path: Path) -> StoredFile:
    """Ten bytes."""
    settings.UPLOADS = tmp_path
    return store_file(io.BytesIO(TEN), name="film.mp4", purpose="tests", by=TESTS)


def ask(file: StoredFile, wanted: str = "", **headers: str) -> HttpResponseBase:
    given = {"range": wanted} | headers if wanted else headers
    return file_answer(RequestFactory().get("/", headers=given), file, media_type="video/mp4")


def body(answer: HttpResponseBase) -> bytes:
    found = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    answer.close()
    return found


@pytest.mark.parametrize(
    ("wanted", "told", "part"),
    [
        ("bytes=0-1", "bytes 0-1/10", b"01"),
        ("bytes=4-", "bytes 4-9/10", b"456789"),
        ("bytes=-3", "bytes 7-9/10", b"789"),
        ("bytes=8-99", "bytes 8-9/10", b"89"),
        ("bytes=-99", "bytes 0-9/10", TEN),
    ],
)
def test_a_part_is_answered_with_its_place(file: StoredFile, wanted: str, told: str, part: bytes) -> None:
    answer = ask(file, wanted)
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, told)
    assert (answer.headers["Content-Length"], answer.headers["Content-Type"]) == (str(len(part)), "video/mp4")
    assert body(answer) == part


@pytest.mark.parametrize(
    "wanted", ["", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=5-2", "bytes=" + "9" * 80 + "-"]
)
def test_what_asks_for_no_one_part_gets_the_whole(file: StoredFile, wanted: str) -> None:
    answer = ask(file, wanted)
    assert (answer.status_code, answer.headers["Accept-Ranges"], answer.headers["ETag"]) == (
        200,
        "bytes",
        f'"{file.digest}"',
    )
    assert body(answer) == TEN


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=-0", "bytes=11-12"])
def test_a_part_behind_the_end_is_refused(file: StoredFile, wanted: str) -> None:
    answer = ask(file, wanted)
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */10")


def test_a_part_of_other_contents_is_not_mixed_in(file: StoredFile) -> None:
    assert body(ask(file, "bytes=0-1", **{"if-range": f'"{file.digest}"'})) == b"01"
    assert body(ask(file, "bytes=0-1", **{"if-range": '"other"'})) == TEN
