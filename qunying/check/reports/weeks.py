"""Weeks as reports name them: ISO weeks, Monday to Sunday."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period, parse_period, week_of

if TYPE_CHECKING:
    from collections.abc import Mapping

BACK = 4
"""With how many earlier weeks a week is compared."""
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_WEEK = timedelta(days=7)


def week_name(week: Period) -> str:
    """2020-W40."""
    year, number, _day = week.start.isocalendar()
    return f"{year}-W{number:02d}"


def read_week(text: str) -> Period:
    """The week of 2020-W40, or of its seven days; raises QunyingError for anything but one whole week."""
    try:
        week = parse_period(text)
    except (QunyingError, OverflowError):
        week = None
    if week is None or not _FIRST_YEAR <= week.start.year <= _LAST_YEAR or week != week_of(week.start):
        raise QunyingError(_("“%(text)s” is not a week. Write it as 2020-W40.") % {"text": text})
    return week


def earlier_weeks(week: Period, *, first_day: date | None) -> list[Period]:
    """The weeks before, newest first, four at most, none that begins before `first_day`."""
    weeks = [Period(week.start - step * _WEEK, week.end - step * _WEEK) for step in range(1, BACK + 1)]
    return [one for one in weeks if first_day and one.start >= first_day]


def counted_part(week: Period, *, today: date) -> Period:
    """The days of the week that are over; its first day while none is. Raises QunyingError for a week to come."""
    if week.start > today:
        raise QunyingError(_("The week %(week)s has not begun yet. Choose one that has.") % {"week": week_name(week)})
    over = min(week.end, today - timedelta(days=1))
    return Period(week.start, max(over, week.start))


def latest_week(*, last_day: date | None, today: date) -> Period:
    """The last week worth a report: the last whole one, or the one in which the facts end."""
    whole = week_of(today - _WEEK)
    return week_of(last_day) if last_day and last_day < whole.start else whole


def chosen_week(query: Mapping[str, str], *, last_day: date | None, today: date) -> Period:
    """The week an address asks for: `period` (2020-W40), or any `day` of it; the latest without either."""
    if query.get("period"):
        return read_week(query["period"])
    if query.get("day"):
        try:
            return read_week(week_name(week_of(date.fromisoformat(query["day"]))))
        except (ValueError, OverflowError):
            raise QunyingError(_("“%(text)s” is not a day. Write it as 2026-03-02.") % {"text": query["day"]}) from None
    return latest_week(last_day=last_day, today=today)
