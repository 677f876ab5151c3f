"""Days off by the official calendar of China: public holidays, weekends, and weekends worked instead."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chinese_calendar import is_holiday

if TYPE_CHECKING:
    from datetime import date

SATURDAY = 5
"""The first `weekday()` of a weekend."""


def is_off_in_china(day: date) -> bool | None:
    """Whether people in China are off that day; None outside the years whose calendar is published (2004 on)."""
    try:
        return bool(is_holiday(day))
    except NotImplementedError:  # this library's word for a year it does not know
        return None


def is_holiday_on_a_weekday(day: date) -> bool:
    """Whether an official holiday of China takes a Monday to Friday away; no, in a year that is not published."""
    return day.weekday() < SATURDAY and bool(is_off_in_china(day))


def after_workdays(day: date, count: int) -> date:
    """The last day of a term of so many working days in China that begins the day after `day`.

    In years whose calendar is not published those are Monday to Friday.
    """
    left = count
    while left > 0:
        day += timedelta(days=1)
        off = is_off_in_china(day)
        left -= not (day.weekday() >= SATURDAY if off is None else off)
    return day
