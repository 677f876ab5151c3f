from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


def test_the_figures_are_those_of_the_catalogue(shop: Stage) -> None:
    report = shop.report("2026-W10")
    values = {name: line.value for name, line in report.lines.items()}
    assert values == {
        "members_present": 2,
        "joins": 3,
        "leaves": 1,
        "churn_rate": None,
        "active_members.seen": 2,
        "active_members.interactive": 1,
        "active_members.speaking": 1,
        "active_rate.seen": pytest.approx(2 / (16 / 7)),
        "active_rate.interactive": pytest.approx(1 / (16 / 7)),
        "active_rate.speaking": pytest.approx(1 / (16 / 7)),
        "messages": 2,
        "interactions": 1,
        "daily_speakers": pytest.approx(1 / 7),
        "orders": 1,
        "buyers": 1,
        "revenue": 6600,
        "order_value": 6600,
    }


def test_names_are_read_only_when_asked_for(shop: Stage) -> None:
    assert (shop.report("2026-W10").joined, shop.report("2026-W10").left) == (None, None)
    report = shop.report("2026-W10", names=True)
    assert report.joined is not None
    assert report.left is not None
    assert (list(report.joined.names), report.joined.total) == (["小丽", "小美", "阿强"], 3)
    assert (list(report.left.names), report.left.total) == (["小丽"], 1)


def test_it_knows_what_the_facts_can_tell(shop: Stage, other_community: Community) -> None:
    known = shop.report("2026-W10").known
    assert (known.joins, known.leaves, known.unannounced, known.roster) == (True, True, False, True)
    chat = type(shop)(other_community)
    chat.speak("2026-03-02", people=2)
    known = chat.report("2026-W10").known
    assert (known.joins, known.leaves, known.unannounced, known.roster) == (False, False, True, False)


def test_weeks_before_the_first_fact_are_not_averaged_in(stage: Stage) -> None:
    stage.speak("2026-02-18", people=3)
    stage.speak("2026-02-24", people=5)
    stage.speak("2026-03-03", people=4)
    line = stage.report("2026-W10").lines["messages"]
    assert (line.value, line.past, line.previous, line.average) == (4, [5], 5, None)


def test_the_average_is_that_of_the_four_weeks_before(stage: Stage) -> None:
    for day, people in (("2026-02-02", 2), ("2026-02-09", 4), ("2026-02-16", 6), ("2026-02-23", 8), ("2026-03-02", 10)):
        stage.speak(day, people=people)
    line = stage.report("2026-W10").lines["messages"]
    assert (line.value, line.past, line.average) == (10, [8, 6, 4, 2], 5)


def test_a_running_week_is_compared_with_the_same_days(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.speak("2026-02-23", people=3)
    stage.speak("2026-02-27", people=9)
    stage.speak("2026-03-02", people=4)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda **_zone: date(2026, 3, 4))
    report = stage.report("2026-W10")
    assert report.running
    assert (report.counted.start, report.counted.end) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (report.lines["messages"].value, report.lines["messages"].previous) == (4, 3)


def test_a_week_without_facts_is_empty_and_one_before_all_of_them_too(shop: Stage) -> None:
    assert shop.report("2019-W10").empty
    assert not shop.report("2026-W10").empty
    assert not shop.report("2026-W12").empty  # two members were there, and silent


def test_a_community_without_facts_is_empty(community: Community, stage: Stage) -> None:
    report = stage.report("2026-W10")
    assert (report.empty, report.first_day, report.last_day) == (True, None, None)


def test_a_week_to_come_is_refused(stage: Stage) -> None:
    with pytest.raises(QunyingError, match="has not begun yet"):
        stage.report("2199-W10")
