"""Lengths of time as people write them in plans: 30d, 30 天, 2 weeks, 12m, 一年 is written 1 年."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITS: Mapping[str, tuple[str, ...]] = {
    "d": ("d", "day", "days", "天", "日"),
    "w": ("w", "week", "weeks", "周", "星期", "个星期"),
    "m": ("m", "month", "months", "月", "个月"),
    "y": ("y", "year", "years", "年"),
}
_NAMES = {name: unit for unit, names in _UNITS.items() for name in names}
_QUARTERS = frozenset({"quarter", "季度", "季"})
_DAYS_A_WEEK = 7
_MONTHS_A_YEAR = 12
_MOST = 3650

_ANY = "(" + "|".join(sorted(_NAMES, key=len, reverse=True)) + ")"
PATTERN = rf"^\s*\d{{1,4}}\s*{_ANY}\s*$"
"""What a length of time looks like, for a JSON schema."""

RHYTHM_PATTERN = rf"^\s*((\d{{1,4}}\s*)?{_ANY}|quarter|季度|季)\s*$"
"""What a rhythm looks like, for a JSON schema: a length of time, or one unit by its name."""

SPAN_PATTERN = rf"^\s*\d{{1,4}}(\s*{_ANY})?(\s*[-–—~～至到]\s*\d{{1,4}})?\s*{_ANY}\s*$"
"""What a length of time looks like that may be a range: 2-4 周."""

_SPAN = re.compile(r"\s*(\d+)\s*(\D*?)\s*[-–—~～至到]\s*(\d+)\s*(\D+?)\s*")


@dataclass(frozen=True, slots=True)
class Duration:
    """A number of days, weeks, months or years (`unit` d, w, m or y); months keep the day of the month."""

    count: int
    unit: str

    def after(self, day: date) -> date:
        """The day this long after `day`; the 31st becomes the last day of a shorter month."""
        if self.unit == "d":
            return day + timedelta(days=self.count)
        if self.unit == "w":
            return day + timedelta(days=self.count * _DAYS_A_WEEK)
        months = self.count * (_MONTHS_A_YEAR if self.unit == "y" else 1)
        year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

    @property
    def text(self) -> str:
        """The short form that `parse_duration` reads: 30d, 2w, 12m, 3y."""
        return f"{self.count}{self.unit}"

    @property
    def words(self) -> str:
        """In the reader's language: 30 days, 2 weeks."""
        given = {"n": self.count}
        if self.unit == "d":
            return ngettext("%(n)d day", "%(n)d days", self.count) % given
        if self.unit == "w":
            return ngettext("%(n)d week", "%(n)d weeks", self.count) % given
        if self.unit == "m":
            return ngettext("%(n)d month", "%(n)d months", self.count) % given
        return ngettext("%(n)d year", "%(n)d years", self.count) % given


def parse_duration(text: str | int) -> Duration:
    """30d, 30 天, 2 weeks, 12 个月, 3y; a bare number is days. Raises QunyingError with an example."""
    found = re.fullmatch(r"\s*(\d+)\s*(\D*?)\s*", str(text))
    unit = _NAMES.get(found[2].lower() or "d") if found else None
    if found is None or unit is None or int(found[1]) > _MOST:
        raise QunyingError(
            _("“%(text)s” is not a length of time. Write it as 30 天, 2 周, 12 个月 or 3 年; 30d, 2w, 12m, 3y will do.")
            % {"text": text}
        )
    return Duration(int(found[1]), unit)


def parse_rhythm(text: str | int) -> Duration:
    """How often something comes round: 1 周, 2 weeks, or week, 月, quarter for one of them.

    Raises QunyingError with an example; never shorter than a day.
    """
    tidy = str(text).strip().lower()
    if tidy in _QUARTERS:
        return Duration(3, "m")
    found = Duration(1, _NAMES[tidy]) if tidy in _NAMES else parse_duration(text) if tidy[:1].isdigit() else None
    if found is None or not found.count:
        raise QunyingError(
            _("“%(text)s” does not say how often. Write week, month, quarter, 1 周, 2 周 or 1 个月.") % {"text": text}
        )
    return found


def parse_span(text: str | int) -> tuple[Duration, Duration]:
    """The shortest and the longest of 2-4 周 or 2–4 weeks; the same twice for a single length.

    Raises QunyingError where it is neither, or the longest is shorter than the shortest.
    """
    found = _SPAN.fullmatch(str(text))
    if found is None:
        only = parse_duration(text)
        return only, only
    shortest, longest = parse_duration(found[1] + (found[2] or found[4])), parse_duration(found[3] + found[4])
    first = date(2000, 1, 1)
    if longest.after(first) < shortest.after(first):
        raise QunyingError(
            _("“%(text)s” goes from longer to shorter. Write the shorter length first.") % {"text": text}
        )
    return shortest, longest


def duration_between(first: date, last: date) -> Duration:
    """The length from `first` to `last`: whole months where it is some, else days; never negative."""
    months = (last.year - first.year) * _MONTHS_A_YEAR + last.month - first.month
    if months > 0 and Duration(months, "m").after(first) == last:
        return Duration(months, "m")
    return Duration(max((last - first).days, 0), "d")
