from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qunying.check.tracking.jobs import start_where_due, waiting_goals
from qunying.check.tracking.models import Snapshot, Standing, Status, Why
from qunying.check.tracking.progress import progress_of
from qunying.check.tracking.services import keep_week, look_at, week_key
from qunying.ground.jobs.services import run_to_end
from qunying.kit.periods import week_of
from qunying.plan.goals.amounts import Target
from qunying.plan.goals.services import enter_value, revise_goal
from tests.support.goals import TESTS, ago, make_goal, speak, tell

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community


def test_a_total_is_judged_against_its_straight_path(community: Community) -> None:
    speak(community, first=35, last=1)
    goal = make_goal(community, target="80")
    seen = look_at(goal, foretell=False)
    assert (seen.day, seen.value, seen.expected, seen.status) == (ago(community, 1), 30.0, 40.0, Status.OFF_COURSE)
    assert (seen.deviation, seen.share, seen.outlook) == (-0.25, 0.375, None)


def test_a_rate_shows_its_numerator_and_denominator(community: Community) -> None:
    speak(community, first=50, last=1, people=4)
    seen = look_at(
        make_goal(community, metric="active_rate", target="80%", params={"grade": "speaking"}), foretell=False
    )
    assert (seen.value, seen.numerator, seen.denominator, seen.status) == (1.0, 4.0, 4.0, Status.ON_COURSE)


def test_the_forecast_of_a_steady_community_is_what_it_always_does(community: Community) -> None:
    speak(community, first=60, last=1)
    outlook = look_at(make_goal(community, target="60")).outlook
    assert outlook is not None
    assert (outlook["method"], outlook["point"], outlook["verdict"]) == ("seasonal_naive", 60.0, "open")
    assert outlook["held"] == outlook["trials"]
    assert outlook["days"][-1] == ago(community, -9).isoformat()


def test_a_short_history_is_refused_with_its_days(community: Community) -> None:
    speak(community, first=18, last=1)
    outlook = look_at(make_goal(community)).outlook
    assert outlook is not None
    assert (outlook["refused"], outlook["given"], outlook["needed"]) == ("far", 18, 44)


def test_a_goal_to_come_cannot_be_measured_yet(community: Community) -> None:
    goal = make_goal(community, start=ago(community, -1), due=ago(community, -20))
    found = progress_of(goal, day=ago(community, 1))
    assert (found.status, found.why) == (Status.UNMEASURED, Why.FUTURE)


def test_a_multiple_of_an_unknown_baseline_cannot_be_measured(community: Community) -> None:
    speak(community, first=12, last=1)
    seen = look_at(make_goal(community, target="+20%"), foretell=False)
    assert (seen.status, seen.why, seen.value) == (Status.UNMEASURED, Why.NO_TARGET, 30.0)


def test_where_facts_end_the_goal_is_judged_on_that_day(community: Community) -> None:
    speak(community, first=60, last=20)
    goal = make_goal(community, start=ago(community, 40), due=ago(community, -19))
    seen = look_at(goal, foretell=False)
    assert (seen.day, seen.facts_until, seen.value) == (ago(community, 1), ago(community, 20), 63.0)
    later = make_goal(community, start=ago(community, 15), due=ago(community, -15))
    assert look_at(later, foretell=False).why == Why.NO_FACTS


def test_a_few_silent_days_are_counted_as_silent(community: Community) -> None:
    speak(community, first=35, last=4)
    assert look_at(make_goal(community), foretell=False).facts_until is None


def test_a_goal_by_hand_is_seen_as_last_entered(community: Community) -> None:
    goal = make_goal(community, metric="", unit="share", target="80%", baseline=Decimal("0.7"))
    assert look_at(goal).why == Why.NO_VALUE
    enter_value(goal, day=ago(community, 0), value=Decimal("0.76"), by=TESTS)
    seen = look_at(goal, again=True)
    assert (seen.day, seen.value, seen.status) == (ago(community, 0), 0.76, Status.ON_COURSE)
    assert seen.outlook is not None
    assert seen.outlook["refused"] == "hand"


def test_looking_twice_keeps_one_row_and_what_it_says(community: Community) -> None:
    speak(community, first=35, last=1)
    goal = make_goal(community)
    first = look_at(goal, foretell=False)
    tell(community, [("p9", "spoke", ago(community, 2))])
    assert look_at(goal, foretell=False).value == first.value == 30.0
    assert look_at(goal, again=True, foretell=False).value == 31.0
    assert Standing.objects.count() == 1


def test_an_earlier_day_is_never_rewritten(community: Community) -> None:
    speak(community, first=35, last=1)
    goal = make_goal(community)
    earlier = look_at(goal, day=ago(community, 2), foretell=False)
    look_at(goal, foretell=False)
    tell(community, [("p9", "spoke", ago(community, 5))])
    assert look_at(goal, day=ago(community, 2), again=True, foretell=False).value == earlier.value


def test_a_revision_is_seen_at_once(community: Community) -> None:
    speak(community, first=35, last=1)
    goal = make_goal(community, target="80")
    look_at(goal, foretell=False)
    revise_goal(goal, by=TESTS, reason="太高", target=Target(value=Decimal(60)))
    assert look_at(goal, again=True, foretell=False).status == Status.ON_COURSE


def test_a_week_is_kept_once_as_it_was_seen(community: Community) -> None:
    speak(community, first=60, last=1)
    goal = make_goal(community, start=ago(community, 30), due=ago(community, -20))
    kept = keep_week(goal, day=ago(community, 1))
    assert kept is not None
    sunday = kept.day
    assert (sunday.isoweekday(), kept.week) == (7, week_key(sunday))
    before = kept.value
    tell(community, [("p9", "spoke", sunday)])
    again = keep_week(goal, day=ago(community, 1))
    assert again is not None
    assert (again.pk, again.value) == (kept.pk, before)


def test_no_week_is_kept_before_one_of_the_goals_has_ended(community: Community) -> None:
    monday = week_of(ago(community, 1)).start
    goal = make_goal(community, start=monday, due=ago(community, -40))
    assert keep_week(goal, day=monday) is None


@pytest.mark.parametrize(("day", "key"), [("2026-01-01", "2026-W01"), ("2027-01-03", "2026-W53")])
def test_weeks_are_named_as_iso_names_them(day: str, key: str) -> None:
    from datetime import date  # noqa: PLC0415 - only here

    assert week_key(date.fromisoformat(day)) == key


def test_the_daily_job_sees_every_running_goal_once(community: Community) -> None:
    speak(community, first=60, last=1)
    goals = [make_goal(community, title=f"{number}") for number in range(3)]
    over = make_goal(community, start=ago(community, 50), due=ago(community, 30))
    make_goal(community, start=ago(community, -2), due=ago(community, -9))
    job = start_where_due()
    assert job is not None
    run_to_end(job)
    assert sorted(Standing.objects.values_list("goal", flat=True)) == sorted([*(goal.pk for goal in goals), over.pk])
    assert Snapshot.objects.filter(goal=goals[0]).count() == 1
    assert (waiting_goals(), start_where_due()) == ([], None)
