from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.check.alerts.models import Alert, AlertStep
from qunying.check.alerts.queries import calling_alerts, get_alert_for, open_alerts
from qunying.check.alerts.services import acknowledge_alert, judge, judge_all
from qunying.check.tracking.models import Standing, Status
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotFoundError, QunyingError
from tests.support.goals import TESTS, ago, make_goal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.goals.models import Goal


def see(goal: Goal, behind: Sequence[float], *, first: int = 10) -> None:
    """Looks of one day after another at which the goal is so many % behind."""
    for place, percent in enumerate(behind):
        Standing.objects.create(
            goal=goal,
            day=ago(goal.community, first - place),
            due=goal.due,
            value=1,
            deviation=-percent / 100,
            status=Status.OFF_COURSE if percent > 5 else Status.ON_COURSE,
            seen_at=timezone.now(),
        )


def test_looks_climb_and_leave_the_ladder_as_the_truth_table_says(community: Community) -> None:
    goal = make_goal(community)
    see(goal, [9, 11, 12, 21, 22, 19, 18, 17, 7])
    assert judge(goal) is None
    steps = list(AlertStep.objects.values_list("before", "after", "value"))
    assert steps == [(0, 1, 12.0), (1, 3, 22.0), (3, 2, 17.0), (2, 0, 7.0)]
    alert = Alert.objects.get()
    assert (alert.opened, alert.closed, alert.peak) == (ago(community, 8), ago(community, 2), 3)


def test_judging_day_by_day_is_the_same_and_twice_changes_nothing(community: Community) -> None:
    goal = make_goal(community)
    for place, percent in enumerate([9, 11, 12, 21, 22, 19]):
        see(goal, [percent], first=10 - place)
        judge(goal)
        judge(goal)
    assert list(AlertStep.objects.values_list("after", flat=True)) == [1, 3]
    assert judge_all() == 0


def test_days_nobody_looked_at_are_waited_for_and_count_in_their_order(community: Community) -> None:
    goal = make_goal(community)
    see(goal, [12])
    judge(goal)
    see(goal, [22], first=7)
    assert judge(goal) is None
    see(goal, [21, 9], first=9)
    judge(goal)
    # Out of their order the fourth day would have raised it: 12 and 22 stand side by side.
    assert list(AlertStep.objects.values_list("day", "before", "after")) == [(ago(community, 9), 0, 1)]


def test_days_that_cannot_be_judged_are_no_samples(community: Community) -> None:
    goal = make_goal(community)
    see(goal, [12])
    Standing.objects.create(
        goal=goal, day=ago(community, 9), due=goal.due, status=Status.UNMEASURED, seen_at=timezone.now()
    )
    assert judge(goal) is None
    see(goal, [12], first=8)
    alert = judge(goal)
    assert alert is not None
    assert (alert.level, alert.since) == (1, ago(community, 8))


def test_somebody_takes_note_and_is_called_again_only_if_it_climbs(community: Community, lead: Staff) -> None:
    goal = make_goal(community)
    see(goal, [16, 16])
    alert = judge(goal)
    assert alert is not None
    assert list(calling_alerts([community.pk])) == [alert]
    acknowledge_alert(alert, note="周末加一场活动", by=lead)
    assert (list(calling_alerts([community.pk])), list(open_alerts([community.pk]))) == ([], [alert])
    see(goal, [16, 25], first=8)
    judge(goal)
    assert list(calling_alerts([community.pk])) == []
    see(goal, [25], first=6)
    judge(goal)
    assert [one.level for one in calling_alerts([community.pk])] == [3]


def test_a_level_left_and_reached_again_calls_again(community: Community, lead: Staff) -> None:
    goal = make_goal(community)
    see(goal, [16, 16])
    alert = judge(goal)
    assert alert is not None
    acknowledge_alert(alert, note="看到了", by=lead)
    see(goal, [12, 16, 16], first=8)
    judge(goal)
    alert.refresh_from_db()
    assert (alert.level, alert.noted, alert.calls) == (2, 1, True)


def test_taking_note_is_written_down_and_needs_words(community: Community, lead: Staff) -> None:
    goal = make_goal(community)
    see(goal, [16, 16])
    alert = judge(goal)
    assert alert is not None
    with pytest.raises(QunyingError, match="Write in a sentence"):
        acknowledge_alert(alert, note=" ", by=lead)
    acknowledge_alert(alert, note="看到了", by=lead)
    with pytest.raises(QunyingError, match="already"):
        acknowledge_alert(alert, note="我也看到了", by=TESTS)
    act = Act.objects.get(verb="alerts.acknowledge")
    assert (act.actor, act.details) == (lead.actor_key, {"level": 2})


def test_an_alert_that_is_over_cannot_be_noted(community: Community) -> None:
    goal = make_goal(community)
    see(goal, [16, 16, 2])
    judge(goal)
    with pytest.raises(QunyingError, match="is over"):
        acknowledge_alert(Alert.objects.get(), note="晚了", by=TESTS)


def test_within_tolerance_nothing_is_behind(community: Community) -> None:
    goal = make_goal(community)
    see(goal, [40, 40])
    Standing.objects.update(status=Status.WITHIN)
    assert judge(goal) is None


def test_an_alert_elsewhere_does_not_exist(community: Community, reviewer: Staff, outsider: Staff) -> None:
    goal = make_goal(community)
    see(goal, [16, 16])
    alert = judge(goal)
    assert alert is not None
    assert get_alert_for(reviewer, community.slug, alert.pk) == alert
    with pytest.raises(NotFoundError):
        get_alert_for(outsider, community.slug, alert.pk)
