from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from qunying.act.suggestions.detectors.goal import _figure, _find
from qunying.act.suggestions.history import History, Look
from qunying.check.tracking.models import Standing, Status
from qunying.kit.periods import Period
from tests.support.goals import make_goal

if TYPE_CHECKING:
    from qunying.act.suggestions.port import Asked
    from qunying.ground.groups.models import Community
    from qunying.plan.goals.models import Goal

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 29)


def see(goal: Goal, status: Status, *, days_ago: int = 0, **seen: Any) -> None:
    Standing.objects.create(
        goal=goal,
        day=DAY - timedelta(days=days_ago),
        due=goal.due,
        status=status,
        seen_at=timezone.now(),
        **{"value": 80.0, "expected": 100.0, "deviation": -0.2} | seen,
    )


def asked_in(community: Community) -> list[Asked]:
    return list(_find(Look(History(community, DAY - timedelta(days=100), DAY), DAY)))


def test_a_goal_off_its_course_is_told_with_how_far_it_is_behind(community: Community) -> None:
    goal = make_goal(community)
    for days_ago, value in ((2, 90.0), (1, None), (0, 80.0)):
        see(goal, Status.OFF_COURSE, days_ago=days_ago, value=value)
    (asked,) = asked_in(community)
    assert (asked.key, asked.p, asked.large, asked.effect) == (f"goal:{goal.pk}", None, True, -0.2)
    assert (asked.params["behind"], asked.evidence["usual"]) == (0.2, 100.0)
    assert [row["value"] for row in asked.evidence["rows"]] == [90.0, 80.0]


@pytest.mark.parametrize("status", [status for status in Status if status != Status.OFF_COURSE])
def test_any_other_standing_is_no_suggestion(community: Community, status: Status) -> None:
    see(make_goal(community), status)
    assert asked_in(community) == []


def test_a_goal_nobody_could_measure_is_no_suggestion(community: Community) -> None:
    see(make_goal(community), Status.OFF_COURSE, value=None, deviation=None)
    assert asked_in(community) == []


def test_only_the_last_standing_counts(community: Community) -> None:
    goal = make_goal(community)
    see(goal, Status.OFF_COURSE, days_ago=1)
    see(goal, Status.ON_COURSE)
    assert asked_in(community) == []


def test_another_community_is_not_told(community: Community, other_community: Community) -> None:
    see(make_goal(community), Status.OFF_COURSE)
    assert asked_in(other_community) == []


def test_the_figure_of_a_result_is_what_was_seen_last_in_the_span(community: Community) -> None:
    goal = make_goal(community)
    for days_ago, value in ((9, 60.0), (5, 70.0), (3, None), (0, 80.0)):
        see(goal, Status.OFF_COURSE, days_ago=days_ago, value=value)
    history = History(community, DAY - timedelta(days=100), DAY)
    measured = _figure(history, Period(DAY - timedelta(days=9), DAY - timedelta(days=3)), {"goal_id": goal.pk})
    assert measured is not None
    assert measured.value == 70.0
    assert _figure(history, Period(DAY - timedelta(days=30), DAY - timedelta(days=20)), {"goal_id": goal.pk}) is None
