"""Periods of whole local days, as people name them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Local days from `start` to `end`, both included; `end` is never before `start`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise QunyingError(_("The period ends before it begins. Swap the two dates."))

    @property
    def days(self) -> int:
        """How many days it holds, at least 1."""
        return (self.end - self.start).days + 1

    @property
    def previous(self) -> Period:
        """The period of the same length just before; a whole month's is the month before."""
        if self == month_of(self.start):
            return month_of(self.start - timedelta(days=1))
        return Period(self.start - timedelta(days=self.days), self.start - timedelta(days=1))

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """UTC instants [from, to) of these local days in `zone`."""
        begin = datetime.combine(self.start, time(), zone).astimezone(UTC)
        finish = datetime.combine(self.end + timedelta(days=1), time(), zone).astimezone(UTC)
        return begin, finish


def week_of(day: date) -> Period:
    """The ISO week, Monday to Sunday, that holds this day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    """The calendar month that holds this day."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=last))


def last_days(count: int, *, until: date) -> Period:
    """The `count` days that end with `until`."""
    return Period(until - timedelta(days=count - 1), until)


def parse_period(text: str) -> Period:
    """2020-W40, 2020-10, 2020-10-05 or 2020-10-05..2020-10-11; raises QunyingError with an example."""
    try:
        return _parse(text.strip())
    except ValueError:
        raise QunyingError(
            _(
                "“%(text)s” is not a period. Write a week as 2020-W40, a month as 2020-10, "
                "or days as 2020-10-05..2020-10-11."
            )
            % {"text": text}
        ) from None


def _parse(text: str) -> Period:
    if week := _WEEK.fullmatch(text):
        return week_of(date.fromisocalendar(int(week[1]), int(week[2]), 1))
    if month := _MONTH.fullmatch(text):
        return month_of(date(int(month[1]), int(month[2]), 1))
    first, _dots, last = text.partition("..")
    return Period(date.fromisoformat(first), date.fromisoformat(last or first))
