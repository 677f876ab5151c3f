from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qunying.doors.cli.main import main
from qunying.plan.playbooks.models import Book
from qunying.plan.playbooks.services_shelf import put_playbook
from qunying.plan.playbooks.shelf import ORDER
from tests.plan.playbooks.conftest import TEXT
from tests.support.cast import TESTS
from tests.support.command import qunying
from tests.support.goals import ago, speak

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.groups.models import Community


def test_the_list_is_names_titles_and_versions(tmp_path: Path) -> None:
    told = qunying(tmp_path / "none", "playbook", "list", "--json")
    rows = json.loads(told.stdout)
    assert ([row["name"] for row in rows], {tuple(row) for row in rows}) == (
        list(ORDER),
        {("name", "title", "version")},
    )


def test_lint_names_file_line_and_column_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(qunying(tmp_path, "playbook", "show", "club-150").stdout, encoding="utf-8")
    assert qunying(tmp_path, "playbook", "lint", str(file)).returncode == 0
    file.write_text("name: mine\nextends: club-150\nversion: 1\nbudgets: []\n", encoding="utf-8")
    told = qunying(tmp_path, "playbook", "lint", str(file))
    assert (told.returncode, told.stdout) == (
        1,
        f"{file}:4:1: “budgets” is not known here. Perhaps you mean “budget”.\n",
    )


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    told = qunying(tmp_path, "playbook", "lint", str(tmp_path / "none.yaml"))
    assert (told.returncode, "cannot be read or written" in told.stderr) == (1, True)


@pytest.mark.django_db
def test_a_playbook_is_applied_once_and_exported(
    community: Community, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")
    apply = ["playbook", "apply", "club-150", "--community", "flowers", "--start", "2026-03-02"]
    assert main([*apply, "--json"]) == 0
    payload = json.loads(capsys.readouterr().out)
    assert (len(payload["made"]), payload["start"], payload["waiting"][0]) == (31, "2026-03-02", "tiers")
    assert main(apply) == 1
    assert "stands in the community already" in capsys.readouterr().err
    file = tmp_path / "out.yaml"
    assert main(["playbook", "export", "--community", "flowers", "--out", str(file)]) == 0
    assert main(["playbook", "lint", str(file)]) == 0


@pytest.mark.django_db
def test_a_day_that_is_none_is_refused(
    community: Community, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")
    assert main(["playbook", "apply", "club-150", "--community", "flowers", "--start", "soon"]) == 1
    assert capsys.readouterr().err == "“soon” is not a day. Write it as 2026-03-02.\n"


@pytest.mark.django_db(transaction=True)
def test_what_the_facts_say_against_a_goal_is_told_beside_what_was_made(
    community: Community, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")
    speak(community, first=40, last=1, people=6)
    put_playbook(TEXT.replace("target: 500", "target: 3"), unit=community.unit, by=TESTS)
    start = ago(community, 0).isoformat()
    assert main(["playbook", "apply", "small", "--community", "flowers", "--start", start, "--json"]) == 0
    told = capsys.readouterr()
    doubts = json.loads(told.out)["doubts"]
    assert [(one["section"], one["key"], one["words"][:9]) for one in doubts] == [
        ("goals", "members", "It was 6 "),
        ("goals", "active", "It was 10"),
    ]
    assert told.err.splitlines() == [f"goals/{one['key']}  {one['title']}: {one['words']}" for one in doubts]


@pytest.mark.django_db
def test_ones_own_playbooks_are_listed_shown_and_applied(
    community: Community, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")
    put_playbook(TEXT, unit=community.unit, by=TESTS)
    put_playbook(TEXT.replace("version: 1", "version: 2"), unit=community.unit, by=TESTS)
    assert main(["playbook", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[len(ORDER) :] == [{"name": "small", "title": "A small plan", "version": "2"}]
    assert main(["playbook", "show", "small@1"]) == 0
    assert capsys.readouterr().out == TEXT
    assert main(["playbook", "show", "small@3"]) == 1
    assert capsys.readouterr().err == "There is no version 3 of “small”.\n"
    assert main(["playbook", "apply", "small", "--community", "flowers", "--start", "2026-03-02", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == "2"


@pytest.mark.django_db
def test_the_difference_of_two_is_told(
    community: Community, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")
    put_playbook(TEXT, unit=community.unit, by=TESTS)
    file = tmp_path / "mine.yaml"
    file.write_text(TEXT.replace("target: 500", "target: 600").replace("key: routine", "key: usual"), encoding="utf-8")
    assert main(["playbook", "diff", "small", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "~ goals/members  500 members in a year",
        "    target: 500 → 600",
        "+ budget/usual  Routine",
        "- budget/routine  Routine",
    ]
    assert main(["playbook", "diff", "small", "small", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []


@pytest.mark.django_db
def test_an_export_is_kept_on_the_shelf_on_request(
    community: Community, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "out.yaml")
    assert main(["playbook", "export", "--community", "flowers", "--out", file]) == 0
    assert Book.objects.count() == 0
    assert main(["playbook", "export", "--community", "flowers", "--out", file, "--keep"]) == 0
    assert (Book.objects.get().name, Book.objects.get().unit) == ("flowers", community.unit)
    assert capsys.readouterr().err == ""
