"""Periods are whole local days, named as people name them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period, last_days, month_of, parse_period, week_of

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020-W40", date(2020, 9, 28), date(2020, 10, 4)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2020-10", date(2020, 10, 1), date(2020, 10, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2020-10-05", date(2020, 10, 5), date(2020, 10, 5)),
        (" 2020-10-05..2020-10-11 ", date(2020, 10, 5), date(2020, 10, 11)),
    ],
)
def test_it_reads_what_people_write(text: str, start: date, end: date) -> None:
    assert parse_period(text) == Period(start, end)


@pytest.mark.parametrize("text", ["", "2021-W53", "2020-13", "2020-02-30", "last week", "2020-10-05.."])
def test_it_refuses_what_is_no_period_with_an_example(text: str) -> None:
    if text.endswith(".."):
        assert parse_period(text) == Period(date(2020, 10, 5), date(2020, 10, 5))
        return
    with pytest.raises(QunyingError, match="2020-W40"):
        parse_period(text)


def test_it_refuses_an_end_before_the_beginning() -> None:
    with pytest.raises(QunyingError, match="Swap the two dates"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


@given(DAYS, st.integers(0, 400))
def test_the_previous_period_ends_the_day_before_and_is_as_long(start: date, more: int) -> None:
    period = Period(start, start + timedelta(days=more))
    assert period.previous.end == start - timedelta(days=1)
    if period != month_of(start):
        assert period.previous.days == period.days == more + 1


def test_before_a_whole_month_comes_the_month_before() -> None:
    assert month_of(date(2026, 3, 15)).previous == Period(date(2026, 2, 1), date(2026, 2, 28))


@given(DAYS)
def test_a_day_is_in_its_week_and_in_its_month(day: date) -> None:
    week, month = week_of(day), month_of(day)
    assert week.start <= day <= week.end
    assert (week.start.weekday(), week.days) == (0, 7)
    assert month.start <= day <= month.end
    assert (month.start.day, (month.end + timedelta(days=1)).day) == (1, 1)


def test_last_days_include_the_last() -> None:
    assert last_days(7, until=date(2026, 3, 8)) == Period(date(2026, 3, 2), date(2026, 3, 8))


def test_a_local_day_is_cut_out_of_utc() -> None:
    day = Period(date(2026, 3, 2), date(2026, 3, 2))
    assert day.instants(ZoneInfo("Asia/Shanghai")) == (
        datetime(2026, 3, 1, 16, tzinfo=UTC),
        datetime(2026, 3, 2, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_on_which_clocks_change_has_23_or_25_hours(day: date, hours: int) -> None:
    begin, finish = Period(day, day).instants(ZoneInfo("Europe/Berlin"))
    assert finish - begin == timedelta(hours=hours)
