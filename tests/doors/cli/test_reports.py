"""`report weekly` as a program calls it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from qunying.doors.cli.main import main
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def talk(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four people of the flower shop speak on three days of 2020-W40; the terminal speaks English."""
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")
    zone = ZoneInfo(community.timezone)
    facts = [
        Fact("spoke", datetime(2020, 9, 28 + n % 3, 12, n, tzinfo=zone), (n,), who=Who("qq", f"u{n % 4}", f"u{n % 4}"))
        for n in range(9)
    ]
    record(facts, community=community, source="tests")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to write to."""
    path = tmp_path / "out"
    path.mkdir()
    return path


def weekly(path: Path, /, *more: str, **options: str) -> int:
    """The exit code of `report weekly` for that week and path, unless the options say otherwise."""
    given = {"community": "flowers", "period": "2020-W40", "out": str(path), **options}
    return main(["report", "weekly", *more, *(part for name, value in given.items() for part in (f"--{name}", value))])


@pytest.mark.parametrize(
    ("ending", "begins"),
    [("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("PDF", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK")],
)
def test_it_writes_the_file_its_name_asks_for(
    folder: Path, capsys: pytest.CaptureFixture[str], ending: str, begins: bytes
) -> None:
    out = folder / f"report.{ending}"
    assert weekly(out, "--json") == 0
    said = capsys.readouterr()
    assert (json.loads(said.out), said.err) == (
        {
            "community": "flowers",
            "period": "2020-W40",
            "from": "2020-09-28",
            "to": "2020-10-04",
            "format": ending.lower(),
            "out": str(out),
            "bytes": out.stat().st_size,
        },
        "",
    )
    assert out.read_bytes().startswith(begins)
    assert [path.name for path in folder.iterdir()] == [out.name]


def test_it_speaks_the_language_asked_for(folder: Path) -> None:
    assert (weekly(folder / "a.html", language="zh-hans"), weekly(folder / "b.html")) == (0, 0)
    assert "本周有4人参与" in (folder / "a.html").read_text(encoding="utf-8")
    assert "4 people took part this week" in (folder / "b.html").read_text(encoding="utf-8")


def test_names_can_be_left_out(folder: Path) -> None:
    assert (weekly(folder / "a.html"), weekly(folder / "b.html", "--no-names")) == (0, 0)
    named = ["u0, u1, u2, u3" in (folder / name).read_text(encoding="utf-8") for name in ("a.html", "b.html")]
    assert named == [True, False]


def test_a_week_without_records_is_a_report_that_says_so(folder: Path) -> None:
    assert weekly(folder / "a.html", period="2019-W40") == 0
    assert "Nothing is recorded of this week." in (folder / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"period": "2020-W60"}, "“2020-W60” is not a week. Write it as 2020-W40."),
        ({"period": "2020-10"}, "“2020-10” is not a week."),
        ({"period": "2199-W01"}, "has not begun yet"),
        ({"community": "nobody"}, "There is no community “nobody”. Those there are: flowers."),
        ({"language": "fr"}, "not in “fr”"),
        ({"out": "report.odt"}, "ends in .html, .pdf, .docx or .xlsx, not “report.odt”"),
        ({"out": "nowhere/report.pdf"}, "The folder nowhere does not exist."),
    ],
)
def test_it_refuses_in_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], options: dict[str, str], words: str
) -> None:
    code = weekly(folder / "report.pdf", **options)
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (1, "", 1)
    assert words in said.err
    assert list(folder.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "report.pdf").mkdir()
    assert weekly(folder / "report.pdf") == 1
    assert "could not be written" in capsys.readouterr().err


def test_an_older_report_stays_until_the_new_one_is_whole(folder: Path) -> None:
    out = folder / "report.html"
    out.write_text("older", encoding="utf-8")
    assert weekly(out, period="2199-W01") == 1
    assert out.read_text(encoding="utf-8") == "older"
    assert weekly(out) == 0
    assert out.read_bytes().startswith(b"<!doctype html>")
