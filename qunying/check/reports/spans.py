"""Periods as reports name them: ISO weeks (2020-W40), months (2020-10) and quarters (2020-Q4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period, month_of, parse_period, week_of

if TYPE_CHECKING:
    from collections.abc import Mapping

BACK = 4
"""With how many earlier periods one is compared."""
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_DAY = timedelta(days=1)


class Grain(StrEnum):
    """How long a period a report covers."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One whole week (Monday to Sunday), month or quarter of local days."""

    grain: Grain
    days: Period

    @property
    def name(self) -> str:
        """2020-W40, 2020-10 or 2020-Q4; a week bears the year of its Thursday."""
        start = self.days.start
        if self.grain is Grain.WEEK:
            year, number, _weekday = start.isocalendar()
            return f"{year}-W{number:02d}"
        if self.grain is Grain.MONTH:
            return f"{start.year}-{start.month:02d}"
        return f"{start.year}-Q{quarter_number(start)}"

    @property
    def previous(self) -> Span:
        """The one before."""
        return span_of(self.grain, self.days.start - _DAY)

    @property
    def following(self) -> Span:
        """The one after."""
        return span_of(self.grain, self.days.end + _DAY)

    @property
    def year_before(self) -> Span | None:
        """The same week, month or quarter of the year before; None for a 53rd week where that year had none."""
        start = self.days.start
        if self.grain is not Grain.WEEK:
            return span_of(self.grain, start.replace(year=start.year - 1))
        year, number, _weekday = start.isocalendar()
        try:
            return span_of(Grain.WEEK, date.fromisocalendar(year - 1, number, 1))
        except ValueError:
            return None


def quarter_number(day: date) -> int:
    """1 to 4."""
    return (day.month + 2) // 3


def quarter_of(day: date) -> Period:
    """The calendar quarter that holds this day."""
    first = date(day.year, quarter_number(day) * 3 - 2, 1)
    return Period(first, month_of(date(day.year, first.month + 2, 1)).end)


_HOLDING = {Grain.WEEK: week_of, Grain.MONTH: month_of, Grain.QUARTER: quarter_of}


def span_of(grain: Grain, day: date) -> Span:
    """The week, month or quarter that holds this day."""
    return Span(grain, _HOLDING[grain](day))


def read_span(text: str, *, grain: Grain | None = None) -> Span:
    """The span of 2020-W40, 2020-10, 2020-Q4, or of its days as 2020-09-28..2020-10-04.

    Raises QunyingError for anything but one whole span, of this grain if one is named.
    """
    days = _days(text)
    wanted = [grain] if grain else list(Grain)
    found = [Span(one, days) for one in wanted if days and days == _HOLDING[one](days.start)]
    if not found:
        raise QunyingError(_wrong(text, grain))
    return found[0]


def _days(text: str) -> Period | None:
    if quarter := _QUARTER.fullmatch(text.strip()):
        year = int(quarter[1])
        return quarter_of(date(year, int(quarter[2]) * 3, 1)) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    try:
        days = parse_period(text)
    except (QunyingError, OverflowError):
        return None
    return days if _FIRST_YEAR <= days.start.year <= _LAST_YEAR else None


def _wrong(text: str, grain: Grain | None) -> str:
    if grain is Grain.WEEK:
        return _("“%(text)s” is not a week. Write it as 2020-W40.") % {"text": text}
    if grain is Grain.MONTH:
        return _("“%(text)s” is not a month. Write it as 2020-10.") % {"text": text}
    if grain is Grain.QUARTER:
        return _("“%(text)s” is not a quarter. Write it as 2020-Q4.") % {"text": text}
    return _("“%(text)s” is no period of a report. Write 2020-W40, 2020-10 or 2020-Q4.") % {"text": text}


def read_grain(text: str) -> Grain:
    """The grain of this name; raises QunyingError naming those there are."""
    try:
        return Grain(text)
    except ValueError:
        raise QunyingError(
            _("A report covers a week, a month or a quarter, not “%(text)s”.") % {"text": text}
        ) from None


def earlier_spans(span: Span, *, first_day: date | None) -> list[Span]:
    """The spans before, newest first, four at most, none that begins before `first_day`."""
    spans = [span.previous]
    while len(spans) < BACK:
        spans.append(spans[-1].previous)
    return [one for one in spans if first_day and one.days.start >= first_day]


def a_year_before(span: Span, *, first_day: date | None) -> Span | None:
    """The same span of the year before, if the facts reach back to its first day."""
    before = span.year_before
    return before if before and first_day and before.days.start >= first_day else None


def counted_part(span: Span, *, today: date) -> Period:
    """The days of the span that are over; its first day while none is. Raises QunyingError for one to come."""
    if span.days.start > today:
        raise QunyingError(_to_come(span))
    over = min(span.days.end, today - _DAY)
    return Period(span.days.start, max(over, span.days.start))


def _to_come(span: Span) -> str:
    words = {
        Grain.WEEK: _("The week %(name)s has not begun yet. Choose one that has."),
        Grain.MONTH: _("The month %(name)s has not begun yet. Choose one that has."),
        Grain.QUARTER: _("The quarter %(name)s has not begun yet. Choose one that has."),
    }
    return words[span.grain] % {"name": span.name}


def same_days(span: Span, counted: Period, *, of: Span) -> Period:
    """The part of an earlier span that answers to the counted days of `of`: as many from its start, or all of it."""
    if counted == of.days:
        return span.days
    return Period(span.days.start, min(span.days.end, span.days.start + (counted.end - counted.start)))


def latest_span(grain: Grain, *, last_day: date | None, today: date) -> Span:
    """The last span worth a report: the last whole one, or the one in which the facts end."""
    whole = span_of(grain, today).previous
    return span_of(grain, last_day) if last_day and last_day < whole.days.start else whole


def chosen_span(query: Mapping[str, str], *, last_day: date | None, today: date) -> Span:
    """The span an address asks for: `period`, or the span of `grain` that holds `day`; the latest without either."""
    if query.get("period"):
        return read_span(query["period"])
    grain = read_grain(query.get("grain") or Grain.WEEK)
    if not query.get("day"):
        return latest_span(grain, last_day=last_day, today=today)
    try:
        day = date.fromisoformat(query["day"])
        return read_span(span_of(grain, day).name, grain=grain)
    except (ValueError, OverflowError):
        raise QunyingError(_("“%(text)s” is not a day. Write it as 2026-03-02.") % {"text": query["day"]}) from None
