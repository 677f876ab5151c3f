"""Working days in China: weekends that are made up for count, holidays do not."""

from __future__ import annotations

from datetime import date, timedelta

from chinese_calendar import is_workday

_SATURDAY = 5


def after_workdays(day: date, count: int) -> date:
    """The last day of a term of so many working days that begins the day after `day`.

    Years for which no calendar is published yet have Monday to Friday.
    """
    left = count
    while left > 0:
        day += timedelta(days=1)
        left -= is_working(day)
    return day


def is_working(day: date) -> bool:
    """Whether people work on this day."""
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY
