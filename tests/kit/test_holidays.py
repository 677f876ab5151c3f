"""Days off in China, and years nobody has published yet."""

from __future__ import annotations

from datetime import date

import pytest

from qunying.kit.holidays import is_holiday_on_a_weekday, is_off_in_china


@pytest.mark.parametrize(
    ("day", "off", "taken"),
    [
        (date(2025, 10, 1), True, True),  # National Day, a Wednesday
        (date(2025, 9, 28), False, False),  # a Sunday worked for it
        (date(2024, 10, 7), True, True),  # a Monday off in lieu of a weekend worked
        (date(2024, 10, 5), True, False),  # a Saturday within the holidays
        (date(2025, 9, 27), True, False),  # a usual Saturday
        (date(2025, 9, 24), False, False),  # a usual Wednesday
    ],
)
def test_days_off_follow_the_official_calendar(day: date, off: bool, taken: bool) -> None:
    assert (is_off_in_china(day), is_holiday_on_a_weekday(day)) == (off, taken)


@pytest.mark.parametrize("day", [date(2003, 10, 1), date(2099, 10, 1)])
def test_a_year_that_is_not_published_is_not_known(day: date) -> None:
    assert (is_off_in_china(day), is_holiday_on_a_weekday(day)) == (None, False)
