from __future__ import annotations

from datetime import date

import pytest

from qunying.check.reports.weeks import (
    chosen_week,
    counted_part,
    earlier_weeks,
    latest_week,
    read_week,
    week_name,
)
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period

W10 = Period(date(2026, 3, 2), date(2026, 3, 8))


@pytest.mark.parametrize("text", ["2026-W10", " 2026-W10 ", "2026-03-02..2026-03-08"])
def test_it_reads_a_week_by_its_name_or_its_days(text: str) -> None:
    assert read_week(text) == W10


@pytest.mark.parametrize(
    "text", ["2026-W60", "2026-10", "2026-03-02", "2026-03-03..2026-03-09", "soon", "", "9999-W52", "0001-W01"]
)
def test_it_refuses_what_is_not_one_whole_week(text: str) -> None:
    with pytest.raises(QunyingError, match=r"is not a week\. Write it as 2020-W40\."):
        read_week(text)


def test_a_week_at_the_turn_of_the_year_bears_the_year_of_its_thursday() -> None:
    assert week_name(Period(date(2024, 12, 30), date(2025, 1, 5))) == "2025-W01"


def test_earlier_weeks_never_begin_before_the_first_fact() -> None:
    assert earlier_weeks(W10, first_day=date(2026, 2, 17)) == [Period(date(2026, 2, 23), date(2026, 3, 1))]
    assert [week.start for week in earlier_weeks(W10, first_day=date(2020, 1, 1))] == [
        date(2026, 2, 23),
        date(2026, 2, 16),
        date(2026, 2, 9),
        date(2026, 2, 2),
    ]
    assert earlier_weeks(W10, first_day=None) == []


def test_of_a_running_week_the_days_that_are_over_count() -> None:
    assert counted_part(W10, today=date(2026, 3, 5)) == Period(date(2026, 3, 2), date(2026, 3, 4))
    assert counted_part(W10, today=date(2026, 3, 2)) == Period(date(2026, 3, 2), date(2026, 3, 2))
    assert counted_part(W10, today=date(2026, 3, 9)) == W10


def test_a_week_to_come_is_refused() -> None:
    with pytest.raises(QunyingError, match="2026-W10 has not begun yet"):
        counted_part(W10, today=date(2026, 3, 1))


def test_the_latest_week_is_the_last_whole_one_or_where_the_facts_end() -> None:
    assert week_name(latest_week(last_day=date(2026, 3, 11), today=date(2026, 3, 11))) == "2026-W10"
    assert week_name(latest_week(last_day=date(2020, 10, 1), today=date(2026, 3, 11))) == "2020-W40"
    assert week_name(latest_week(last_day=None, today=date(2026, 3, 11))) == "2026-W10"


def test_an_address_names_a_week_or_any_day_of_it() -> None:
    known = {"last_day": date(2026, 3, 11), "today": date(2026, 3, 11)}
    assert chosen_week({"period": "2020-W40"}, **known).start == date(2020, 9, 28)
    assert chosen_week({"day": "2020-10-01"}, **known).start == date(2020, 9, 28)
    assert chosen_week({}, **known) == W10
    with pytest.raises(QunyingError, match="“yesterday” is not a day"):
        chosen_week({"day": "yesterday"}, **known)
