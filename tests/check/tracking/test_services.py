from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.check.tracking.jobs import start_where_due, waiting_goals
from qunying.check.tracking.models import Snapshot, Standing, Status, Why
from qunying.check.tracking.progress import progress_of
from qunying.check.tracking.queries import missed_days
from qunying.check.tracking.services import keep_week, look_at, make_up, week_key
from qunying.ground.jobs.services import run_to_end
from qunying.kit.periods import week_of
from qunying.plan.goals.amounts import Target
from qunying.plan.goals.models import Goal, Revision
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


def _off_for(goal: Goal, days: int) -> None:
    """As if the goal had been made and looked at once, and the server then off until now."""
    Goal.objects.filter(pk=goal.pk).update(made_at=timezone.now() - timedelta(days=days + 1))
    goal.refresh_from_db()
    look_at(goal, day=ago(goal.community, days + 1), foretell=False)


def _night() -> None:
    job = start_where_due()
    assert job is not None
    run_to_end(job)


def test_days_on_which_the_server_was_off_are_made_up_in_order(community: Community) -> None:
    speak(community, first=60, last=1)
    goal = make_goal(community, start=ago(community, 30), due=ago(community, -20), target="300")
    _off_for(goal, 15)
    _night()
    looks = list(Standing.objects.order_by("pk"))
    assert [look.day for look in looks] == [ago(community, days) for days in range(16, 0, -1)]
    assert [look.value for look in looks] == [3.0 * number for number in range(15, 31)]
    assert (waiting_goals(), start_where_due()) == ([], None)


def test_weeks_that_passed_while_it_was_off_are_kept_with_the_forecast_of_then(community: Community) -> None:
    speak(community, first=80, last=1)
    goal = make_goal(community, start=ago(community, 30), due=ago(community, -5), target="300")
    _off_for(goal, 15)
    _night()
    weeks = list(Snapshot.objects.order_by("week"))
    sundays = [ago(community, days) for days in range(16, 0, -1) if ago(community, days).isoweekday() == 7]
    assert [week.day for week in weeks] == sundays
    alone = progress_of(goal, day=sundays[0]).outlook
    assert alone is not None
    assert alone.plain() == weeks[0].outlook
    assert alone.days[0] == (sundays[0] + timedelta(days=1)).isoformat()


def test_a_missed_day_is_seen_with_the_target_of_then(community: Community) -> None:
    speak(community, first=60, last=1)
    goal = make_goal(community, start=ago(community, 30), due=ago(community, -20), target="300")
    _off_for(goal, 8)
    revise_goal(goal, by=TESTS, reason="太高", target=Target(value=Decimal(150)))
    Revision.objects.update(day=ago(community, 4))
    _night()
    targets = {look.day: look.target for look in Standing.objects.all()}
    assert [targets[ago(community, days)] for days in (6, 5, 4, 1)] == [300, 300, 150, 150]


def test_a_goal_that_ended_while_the_server_was_off_is_seen_to_its_end(community: Community) -> None:
    speak(community, first=60, last=1)
    goal = make_goal(community, start=ago(community, 40), due=ago(community, 20), target="63")
    _off_for(goal, 30)
    _night()
    last = Standing.objects.order_by("day").last()
    assert last is not None
    assert (last.day, last.value, last.status) == (ago(community, 20), 63.0, Status.REACHED)
    assert Standing.objects.count() == 12


def test_missed_days_without_facts_say_so(community: Community) -> None:
    goal = make_goal(community, start=ago(community, 30), due=ago(community, -20))
    _off_for(goal, 5)
    _night()
    assert set(Standing.objects.values_list("why", flat=True)) == {Why.NO_FACTS}


def test_a_turn_that_ends_in_the_middle_goes_on_where_it_was(community: Community) -> None:
    speak(community, first=60, last=1)
    goal = make_goal(community, start=ago(community, 30), due=ago(community, -20))
    _off_for(goal, 6)
    missed = make_up(goal, day=ago(community, 1))
    assert [next(missed).day, next(missed).day] == [ago(community, 6), ago(community, 5)]
    assert missed_days(goal, until=ago(community, 1)) == [ago(community, days) for days in (4, 3, 2, 1)]
    _night()
    assert missed_days(goal, until=ago(community, 1)) == []


@pytest.mark.parametrize(
    ("metric", "target", "params", "why"),
    [
        ("churn_rate", "12%", {}, Why.NO_LEAVES),
        ("active_rate", "20%", {"grade": "interactive"}, Why.NO_REACTION),
        ("orders", "20", {}, Why.NO_ORDERS),
    ],
)
def test_what_a_chat_never_tells_is_neither_reached_nor_missed(
    community: Community, metric: str, target: str, params: dict[str, str], why: Why
) -> None:
    speak(community, first=60, last=1)
    goal = make_goal(
        community, metric=metric, target=target, params=params, direction="down" if metric == "churn_rate" else "up"
    )
    seen = look_at(goal)
    assert (seen.status, seen.why, seen.value, seen.deviation, seen.outlook) == (
        Status.UNMEASURED,
        why,
        None,
        None,
        None,
    )
    assert (goal.baseline, goal.no_baseline) == (None, Goal.NoBaseline.EMPTY)
