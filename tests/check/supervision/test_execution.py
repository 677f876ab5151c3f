"""Work that was due held against what was done."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qunying.check.supervision.execution import Execution, executions, needed
from qunying.ground.groups.services import create_community
from qunying.kit.periods import Period, last_days
from qunying.plan.schedule.services import Told, add_work, drop_work, put_off_work, skip_missed
from tests.check.supervision.conftest import ago, work, works
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

EIGHT = Decimal(8)


def week(community: Community) -> Period:
    """The last seven days."""
    return last_days(7, until=ago(community, 1))


def ask(community: Community) -> Execution:
    period = week(community)
    return executions([community], [], period, period.previous)[0].get(("community", community.pk), Execution())


@pytest.mark.parametrize(
    ("planned", "missed", "passes"),
    [(100, 8, False), (100, 9, True), (25, 2, False), (13, 1, False), (13, 2, True), (12, 1, False), (12, 12, False)],
)
def test_above_eight_per_cent_it_is_flagged_if_one_piece_alone_could_not_do_it(
    planned: int, missed: int, *, passes: bool
) -> None:
    one = Execution(on_time=planned - missed, late=missed // 2, undone=missed - missed // 2)
    assert (one.planned, one.deviation, one.passes(EIGHT)) == (planned, missed / planned, passes)


@pytest.mark.parametrize(("percent", "pieces"), [("8", 13), ("5", 20), ("10", 10), ("100", 1), ("0.1", 1000)])
def test_the_stricter_the_tolerance_the_more_work_it_takes_to_judge(percent: str, pieces: int) -> None:
    assert needed(Decimal(percent)) == pieces


def test_nothing_due_has_no_deviation() -> None:
    assert (Execution(coming=3).deviation, Execution(coming=3).passes(EIGHT)) == (None, False)


@pytest.mark.django_db
def test_work_is_in_time_late_or_not_done_by_the_clock_of_its_community(units: Units) -> None:
    far = create_community("far", name="远方", unit=units.shop, timezone="America/New_York", by=TESTS)
    for clock in (time(0, 1), time(23, 59)):
        work(far, due=3, done=3, clock=clock)
    work(far, due=3, done=2, clock=time(0, 1))
    work(far, due=3, done=None)
    assert ask(far) == Execution(on_time=2, late=1, undone=1)


@pytest.mark.django_db
def test_work_counts_in_the_period_its_due_day_lies_in(community: Community) -> None:
    works(community, in_time=2, due=7)
    works(community, late=1, due=8)
    now, before = executions([community], [], week(community), week(community).previous)
    place = ("community", community.pk)
    assert (now, before) == ({place: Execution(on_time=2)}, {place: Execution(late=1)})


@pytest.mark.django_db
def test_whoever_skips_what_was_missed_has_not_done_it(community: Community) -> None:
    told = Told(key="visit")
    first, second = [
        add_work("回访", place=community, due=ago(community, days), told=told, by=TESTS) for days in (4, 2)
    ]
    before = ask(community)
    skip_missed(second, by=TESTS)
    first.refresh_from_db()
    assert (first.skipped, ask(community), before) == (True, Execution(undone=2), Execution(undone=2))


@pytest.mark.django_db
def test_what_is_due_today_is_still_to_come_and_what_was_dropped_is_none(community: Community) -> None:
    work(community, due=0, done=None)
    drop_work(work(community, due=2, done=None), by=TESTS)
    period = Period(ago(community, 6), ago(community, 0))
    now, _before = executions([community], [], period, period.previous)
    assert now == {("community", community.pk): Execution(coming=1)}


@pytest.mark.django_db
def test_work_put_off_is_held_against_its_later_day_and_counted_as_moved(community: Community) -> None:
    put_off_work(work(community, due=6, done=None), due=ago(community, 4), by=TESTS)
    put_off_work(work(community, due=3, done=None), due=ago(community, 5), by=TESTS)
    assert ask(community) == Execution(undone=2, moved=1)


@pytest.mark.django_db
def test_work_of_a_unit_as_a_whole_is_its_own(
    community: Community, units: Units, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    work(units.east, due=3, done=3)
    work(units.south, due=3, done=3)
    works(community, in_time=1)
    period = week(community)
    with django_assert_num_queries(2):
        now, _before = executions([community], [units.east.pk, units.shop.pk], period, period.previous)
    assert now == {("unit", units.east.pk): Execution(on_time=1), ("community", community.pk): Execution(on_time=1)}


def test_sums_and_differences_go_part_by_part() -> None:
    one, other = Execution(3, 1, 1, 0, 1), Execution(1, 0, 1, 2, 0)
    assert (one + other, one + other - other) == (Execution(4, 1, 2, 2, 1), one)
