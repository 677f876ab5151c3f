"""Rules put topics on the plan for four weeks, keep it filled, and never bring back what people took away."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.plan.content.models import Cadence, Entry
from qunying.plan.content.services import Draft, drop_entry, move_entry, write_version
from qunying.plan.content.services_cadences import (
    Rhythm,
    begin_cadence,
    days_of,
    end_cadence,
    fill_all,
    fill_cadence,
    untouched,
)
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))


def begin(community: Community, **given: object) -> Cadence:
    rhythm = {"every": "1w", "start": TODAY} | given
    return begin_cadence("weekly", community=community, title="每周沙龙", rhythm=Rhythm(**rhythm), by=TESTS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("every", "on", "month_day", "days"),
    [
        ("1w", "", None, ["2026-03-04", "2026-03-11", "2026-03-18", "2026-03-25", "2026-04-01"]),
        ("1w", "friday", None, ["2026-03-06", "2026-03-13", "2026-03-20", "2026-03-27", "2026-04-03"]),
        ("1m", "", 15, ["2026-03-15"]),
        ("1m", "month-end", None, ["2026-03-31"]),
        ("1d", "monday", None, ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]),
    ],
)
def test_days_follow_the_rhythm_and_move_on(every: str, on: str, month_day: int | None, days: list[str]) -> None:
    cadence = Cadence(every=every, on=on, month_day=month_day, start=date(2026, 3, 4))
    told = days_of(cadence, first=date(2026, 3, 1), last=date(2026, 4, 4))
    assert [day.isoformat() for day in told] == days


def test_four_weeks_are_filled_at_once_and_only_once(community: Community, specialist: Staff) -> None:
    cadence = begin(community, time=time(19, 30), owner_role="specialist")
    entries = list(Entry.objects.order_by("slot_day"))
    assert [(one.slot_day, one.due) for one in entries] == [
        (TODAY + timedelta(days=7 * week), TODAY + timedelta(days=7 * week - 1)) for week in range(5)
    ]
    assert {(one.owner, one.slot_time, one.state, one.title) for one in entries} == {
        (specialist, time(19, 30), Entry.State.TOPIC, "每周沙龙")
    }
    assert (fill_cadence(cadence), fill_all()) == (0, 0)
    assert fill_cadence(cadence, today=TODAY + timedelta(days=8)) == 1
    assert Act.objects.filter(verb="content.fill").count() == 2


def test_days_gone_by_are_not_made_up(community: Community) -> None:
    begin(community, start=TODAY - timedelta(days=70))
    assert Entry.objects.count() == 5
    assert min(Entry.objects.values_list("slot_day", flat=True)) == TODAY


def test_what_was_moved_or_dropped_does_not_come_again(community: Community) -> None:
    cadence = begin(community)
    first, second = Entry.objects.order_by("slot_day")[:2]
    move_entry(first, day=TODAY + timedelta(days=2), by=TESTS)
    drop_entry(second, by=TESTS)
    cadence.filled_until = None
    assert fill_cadence(cadence) == 0
    assert Entry.objects.count() == 5


def test_ending_takes_away_what_nobody_has_touched(community: Community, specialist: Staff) -> None:
    cadence = begin(community)
    first, second = Entry.objects.order_by("slot_day")[:2]
    write_version(first, draft=Draft("每周沙龙", words="第一期"), by=specialist)
    move_entry(second, day=TODAY + timedelta(days=2), by=TESTS)
    assert untouched(cadence).count() == 3
    assert end_cadence(cadence, by=TESTS) == 2
    assert set(Entry.objects.all()) == {first, second}
    assert (fill_cadence(cadence), fill_all()) == (0, 0)
