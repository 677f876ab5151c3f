"""`report weekly` as a program calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LINES = ["id,time,kind,who,text"] + [f"{n},2020-09-{28 + n % 3}T12:0{n}:00+08:00,spoke,u{n % 4},hi" for n in range(9)]


def qunying(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QUNYING_HOME": str(home), "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}
    environment.pop("QUNYING_DATABASE", None)
    command = [sys.executable, "-m", "qunying.doors.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=180)


def weekly(home: Path, out: Path | str, **options: str) -> subprocess.CompletedProcess[str]:
    given = {"community": "talk", "period": "2020-W40", "out": str(out), **options}
    return qunying(home, "report", "weekly", *(part for name, value in given.items() for part in (f"--{name}", value)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one community that spoke on three days of 2020-W40."""
    path = tmp_path_factory.mktemp("home") / "qunying"
    table = path.parent / "events.csv"
    table.write_text("\n".join(LINES), encoding="utf-8")
    for arguments in (
        ("init", "--no-input"),
        ("community", "create", "talk", "--name", "聊天群"),
        ("import", "events", str(table), "--community", "talk"),
    ):
        done = qunying(path, *arguments)
        assert done.returncode == 0, done.stderr
    return path


@pytest.mark.parametrize(("ending", "begins"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("PDF", b"%PDF-")])
def test_it_writes_the_file_its_name_asks_for(home: Path, tmp_path: Path, ending: str, begins: bytes) -> None:
    out = tmp_path / f"report.{ending}"
    done = qunying(home, "report", "weekly", "--community=talk", "--period=2020-W40", f"--out={out}", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "community": "talk",
        "period": "2020-W40",
        "from": "2020-09-28",
        "to": "2020-10-04",
        "format": ending.lower(),
        "out": str(out),
        "bytes": out.stat().st_size,
    }
    assert out.read_bytes().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_it_speaks_the_language_asked_for(home: Path, tmp_path: Path) -> None:
    assert weekly(home, tmp_path / "a.html", language="zh-hans").returncode == 0
    assert weekly(home, tmp_path / "b.html", language="en").returncode == 0
    assert "本周有4人参与" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "4 people took part this week" in (tmp_path / "b.html").read_text(encoding="utf-8")


def test_a_week_without_records_is_a_report_that_says_so(home: Path, tmp_path: Path) -> None:
    assert weekly(home, tmp_path / "a.html", period="2019-W40").returncode == 0
    assert "Nothing is recorded of this week." in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"period": "2020-W60"}, "“2020-W60” is not a week. Write it as 2020-W40."),
        ({"period": "2020-10"}, "“2020-10” is not a week."),
        ({"period": "2199-W01"}, "has not begun yet"),
        ({"community": "nobody"}, "There is no community “nobody”. Those there are: talk."),
        ({"language": "fr"}, "not in “fr”"),
        ({"out": "report.docx"}, "ends in .pdf or .html, not “report.docx”"),
        ({"out": "nowhere/report.pdf"}, "The folder nowhere does not exist."),
    ],
)
def test_it_refuses_in_one_sentence(home: Path, tmp_path: Path, options: dict[str, str], words: str) -> None:
    done = weekly(home, tmp_path / "report.pdf", **options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").mkdir()
    done = weekly(home, tmp_path / "report.pdf")
    assert (done.returncode, "could not be written" in done.stderr) == (1, True)
