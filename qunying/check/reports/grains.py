"""The words that differ between a report of a week, of a month and of a quarter, in the language that is active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.check.reports.spans import Grain, quarter_number
from qunying.kit import formats

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise

    from qunying.check.reports.spans import Span

TITLES: dict[Grain, _StrPromise] = {
    Grain.WEEK: gettext_lazy("Weekly report"),
    Grain.MONTH: gettext_lazy("Monthly report"),
    Grain.QUARTER: gettext_lazy("Quarterly report"),
}
GRAINS: dict[Grain, _StrPromise] = {
    Grain.WEEK: pgettext_lazy("report", "Week"),
    Grain.MONTH: pgettext_lazy("report", "Month"),
    Grain.QUARTER: pgettext_lazy("report", "Quarter"),
}
_WORDS: dict[str, dict[Grain, _StrPromise]] = {
    "this": {
        Grain.WEEK: pgettext_lazy("report", "this week"),
        Grain.MONTH: pgettext_lazy("report", "this month"),
        Grain.QUARTER: pgettext_lazy("report", "this quarter"),
    },
    "before": {
        Grain.WEEK: pgettext_lazy("report", "the week before"),
        Grain.MONTH: pgettext_lazy("report", "the month before"),
        Grain.QUARTER: pgettext_lazy("report", "the quarter before"),
    },
    "earlier": {
        Grain.WEEK: pgettext_lazy("report", "the weeks before"),
        Grain.MONTH: pgettext_lazy("report", "the months before"),
        Grain.QUARTER: pgettext_lazy("report", "the quarters before"),
    },
    "whole": {
        Grain.WEEK: pgettext_lazy("report", "the week"),
        Grain.MONTH: pgettext_lazy("report", "the month"),
        Grain.QUARTER: pgettext_lazy("report", "the quarter"),
    },
    "end": {
        Grain.WEEK: pgettext_lazy("report", "the end of the week"),
        Grain.MONTH: pgettext_lazy("report", "the end of the month"),
        Grain.QUARTER: pgettext_lazy("report", "the end of the quarter"),
    },
    "began": {
        Grain.WEEK: pgettext_lazy("report", "the week began"),
        Grain.MONTH: pgettext_lazy("report", "the month began"),
        Grain.QUARTER: pgettext_lazy("report", "the quarter began"),
    },
    "this_head": {
        Grain.WEEK: gettext_lazy("This week"),
        Grain.MONTH: gettext_lazy("This month"),
        Grain.QUARTER: gettext_lazy("This quarter"),
    },
    "before_head": {
        Grain.WEEK: gettext_lazy("Week before"),
        Grain.MONTH: gettext_lazy("Month before"),
        Grain.QUARTER: gettext_lazy("Quarter before"),
    },
}
_MANY: dict[Grain, _StrPromise] = {
    Grain.WEEK: pgettext_lazy("report", "%(number)s weeks"),
    Grain.MONTH: pgettext_lazy("report", "%(number)s months"),
    Grain.QUARTER: pgettext_lazy("report", "%(number)s quarters"),
}


def word(name: str, grain: Grain) -> str:
    """“this week”, “the month before” and the like, for use inside a sentence; heads of columns end in `_head`."""
    return str(_WORDS[name][grain])


def many(number: int, grain: Grain) -> str:
    """4 weeks, 3 months; from two on."""
    return _MANY[grain] % {"number": number}


def span_title(span: Span) -> str:
    """Week 40 of 2020, October 2020, Quarter 4 of 2020."""
    start = span.days.start
    if span.grain is Grain.WEEK:
        year, number, _day = start.isocalendar()
        return _("Week %(number)s of %(year)s") % {"number": number, "year": year}
    if span.grain is Grain.MONTH:
        return _("%(month)s %(year)s") % {"month": _month_name(start), "year": start.year}
    return _("Quarter %(number)s of %(year)s") % {"number": quarter_number(start), "year": start.year}


def _month_name(day: date) -> str:
    return format_date(day, "LLLL" if formats.tongue() == "en" else "M", locale=formats.tongue())
