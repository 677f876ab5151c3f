from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.check.reports.notable import changes_in_a_year, comparable, notable_changes
from qunying.check.reports.sheet import make_sheet

if TYPE_CHECKING:
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db
WEEKS = ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02")


def _told(stage: Stage, *times: int, people: int = 40) -> list[tuple[str, float]]:
    for day, number in zip(WEEKS, times, strict=True):
        stage.speak(day, people=people, times=number)
    return [(change.name, round(change.share, 3)) for change in notable_changes(stage.report("2026-W10"))]


def test_a_figure_outside_the_range_of_four_weeks_is_told(stage: Stage) -> None:
    assert _told(stage, 2, 2, 2, 2, 1) == [("messages", -0.5)]


def test_a_figure_within_the_range_is_not_told_however_far_from_the_mean(stage: Stage) -> None:
    assert _told(stage, 1, 9, 9, 9, 1) == []


def test_a_change_of_few_is_chance_and_not_told(stage: Stage) -> None:
    assert _told(stage, 2, 2, 2, 2, 4, people=5) == []


def test_too_few_weeks_before_make_nothing_unusual(stage: Stage) -> None:
    stage.speak(WEEKS[3], people=40)
    stage.speak(WEEKS[4], people=40, times=9)
    report = stage.report("2026-W10")
    assert (comparable(report), notable_changes(report)) == (False, [])


def test_where_it_is_known_who_is_here_shares_are_watched_and_one_story_is_told_once(stage: Stage) -> None:
    stage.tell(*((f"p{number}", "joined", "2026-02-02T09:00") for number in range(100)))
    for day, people in zip(WEEKS, (50, 50, 50, 50, 10), strict=True):
        stage.speak(day, people=people)
    changes = notable_changes(stage.report("2026-W10"))
    assert [(change.name, round(change.share, 2)) for change in changes] == [
        ("messages", -0.8),
        ("active_rate.seen", -0.8),
    ]


def test_what_is_far_from_the_year_before_is_told_however_usual_the_weeks_were(stage: Stage) -> None:
    stage.speak("2025-03-03", people=40, times=2)
    for day in WEEKS:
        stage.speak(day, people=40)
    report = stage.report("2026-W10")
    assert (notable_changes(report), changes_in_a_year(report)) == ([], ["messages"])
    assert make_sheet(report).points[-1] == "Against the same days a year before: Messages −40."


def test_few_a_year_before_are_nothing_to_hold_against(stage: Stage) -> None:
    stage.speak("2025-03-03", people=9, times=3)
    for day in WEEKS:
        stage.speak(day, people=9)
    assert changes_in_a_year(stage.report("2026-W10")) == []
