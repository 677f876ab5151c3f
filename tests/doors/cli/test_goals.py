from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.doors.cli.main import main
from qunying.kit.formats import day
from tests.support.goals import ago, make_goal, speak

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNYING_LANGUAGE", "en")


def told(capsys: pytest.CaptureFixture[str], *given: str) -> str:
    assert main(["goals", "--community", "flowers", *given]) == 0
    return capsys.readouterr().out


def test_the_json_is_one_object_with_the_tree_and_how_each_goal_stands(
    community: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    speak(community, first=35, last=1)
    year = make_goal(community, title="一年", due=ago(community, -300), target="3000", key="year")
    month = make_goal(community, title="本月", target="80", parent=year)
    payload = json.loads(told(capsys, "--json", "--no-forecast"))
    yesterday = ago(community, 1).isoformat()
    assert (payload["community"], payload["day"]) == ("flowers", yesterday)
    assert [(row["id"], row["parent"], row["depth"], row["horizon"]) for row in payload["goals"]] == [
        (year.pk, None, 0, "year"),
        (month.pk, year.pk, 1, "month"),
    ]
    row = payload["goals"][1]
    assert (row["value"], row["target"], row["deviation"], row["share"], row["room"], row["status"]) == (
        30.0, 80.0, -0.25, 0.375, None, "off_course",
    )  # fmt: skip
    assert (row["day"], row["alert"], row["outlook"]) == (yesterday, 0, None)


def test_a_bound_tells_the_room_that_is_left_and_no_share(
    community: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    speak(community, first=60, last=1)
    make_goal(community, title="活跃", metric="active_rate", params={"grade": "speaking"}, target="60%")
    row = json.loads(told(capsys, "--json", "--no-forecast"))["goals"][0]
    assert (row["share"], row["room"], row["status"]) == (None, pytest.approx(0.4), "on_course")
    assert "40.0 percentage points to spare" in told(capsys, "--no-forecast")


def test_people_read_two_lines_a_goal_as_of_any_day(community: Community, capsys: pytest.CaptureFixture[str]) -> None:
    speak(community, first=35, last=1)
    goal = make_goal(community, title="消息", target="80")
    lines = told(capsys, "--no-forecast", "--on", (goal.start + timedelta(days=7)).isoformat()).splitlines()
    due = day(goal.due, weekday=False)
    assert lines == ["消息", f"  Off course · 24, wanted: 80 · 25.0% behind the path · due {due}"]


def test_an_empty_tree_says_so(community: Community, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys) == "This community has no goals yet.\n"


def test_what_is_no_day_is_refused_in_a_sentence(community: Community, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["goals", "--community", "flowers", "--on", "soon"]) == 1
    assert capsys.readouterr().err == "“soon” is not a day. Write it as 2020-10-05.\n"
