"""The episodes are written down where tests and people can read them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qunying.doors.demo.episodes import What, peak_festival, plan_episodes
from qunying.doors.demo.festivals import festivals_between
from qunying.doors.demo.plan import FLYER, Plan

YEAR = Plan(date(2026, 11, 22))


def test_the_four_episodes_of_the_year() -> None:
    assert [
        (each.what, each.first, each.last, each.factor, each.group, each.channel) for each in plan_episodes(YEAR)
    ] == [
        (What.BAD_WEEK, date(2026, 6, 8), date(2026, 6, 14), 0.4, "", ""),
        (What.SILENT_GROUP, date(2026, 9, 21), date(2026, 11, 21), 0.0, "花友二群", ""),
        (What.FESTIVAL_PEAK, date(2026, 8, 17), date(2026, 8, 19), 4.0, "", ""),
        (What.LEAKY_CHANNEL, date(2025, 11, 22), date(2026, 11, 21), 3.0, "", FLYER),
    ]


def test_a_quiet_history_has_none() -> None:
    assert plan_episodes(Plan(date(2026, 11, 22), quiet=True)) == ()


@pytest.mark.parametrize("start", range(0, 400, 23))
def test_the_bad_week_is_a_calendar_week_clear_of_festivals_and_of_the_silence(start: int) -> None:
    plan = Plan(date(2026, 1, 1) + timedelta(days=start))
    episodes = {each.what: each for each in plan_episodes(plan)}
    week, silence = episodes[What.BAD_WEEK], episodes[What.SILENT_GROUP]
    assert (week.first.weekday(), (week.last - week.first).days) == (0, 6)
    assert festivals_between(week.first, week.last) == []
    assert week.last < silence.first


def test_the_peak_is_the_favourite_festival_the_history_holds() -> None:
    assert peak_festival(Plan(date(2026, 11, 22))).name == "七夕"
    assert peak_festival(Plan(date(2026, 6, 20), days=120)).name == "520"
    assert peak_festival(Plan(date(2026, 12, 20), days=60)).name == "店庆"
