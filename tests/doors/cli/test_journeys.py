"""Journeys on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qunying.do.journeys.services import make_journey
from qunying.doors.cli.main import main
from tests.support.cast import TESTS
from tests.support.journeys import plain_journey

if TYPE_CHECKING:
    from qunying.do.journeys.models import Journey
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def journey(community: Community, group: Group) -> Journey:
    return make_journey(community, name="迎新", definition=plain_journey(), by=TESTS)


def told(capsys: pytest.CaptureFixture[str], *given: str, code: int = 0) -> Any:
    assert main(["journeys", *given, "--community", "flowers", "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_it_lists_shows_checks_and_tries(journey: Journey, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(journey.pk)
    [row] = told(capsys, "list")["journeys"]
    assert (row["id"], row["name"], row["state"], row["began"]) == (journey.pk, "迎新", "draft", 0)
    assert [step["id"] for step in told(capsys, "show", number)["definition"]["steps"]] == ["hello", "rest", "tip"]
    assert told(capsys, "check", number)["stops"] == 0
    assert told(capsys, "simulate", number)["began"] == 0


def test_what_is_in_the_way_is_exit_code_1(community: Community, capsys: pytest.CaptureFixture[str]) -> None:
    empty = make_journey(community, name="空的", definition={"trigger": {"on": "joined"}, "steps": []}, by=TESTS)
    assert told(capsys, "check", str(empty.pk), code=1)["stops"] == 1


def test_people_are_told_in_lines(journey: Journey, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journeys", "show", str(journey.pk), "--community", "flowers"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "迎新 · Draft",
        "- hello (welcome): 欢迎{name}",
        "- rest (wait)",
        "- tip (say): 今天的精选",
    ]
    assert main(["journeys", "list", "--community", "flowers"]) == 0
    assert "迎新" in capsys.readouterr().out


def test_a_journey_that_is_not_there_is_said(community: Community, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journeys", "show", "77", "--community", "flowers"]) == 1
    assert "no journey 77" in capsys.readouterr().err
