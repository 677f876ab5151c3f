"""The steps of a trend: the days of a week or a month, the weeks of a quarter, beside those of the period before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from qunying.check.reports.spans import Grain, span_of
from qunying.kit import formats
from qunying.kit.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qunying.check.reports.shapes import Line, Report
    from qunying.ground.figures.results import Figure

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One day, or one week as far as it lies in the quarter (`days`).

    `value` is None where it is still to come, `before` where nothing is known of the step at the same place of
    the period before.
    """

    label: str
    days: Period
    value: float | None
    before: float | None
    shaded: bool = False


def steps_of(report: Report, name: str) -> list[Step]:
    """The trend of a line that counts by day, oldest first."""
    line = report.lines[name]
    cuts = cuts_of(report.span.grain, report.span.days)
    now = [_sum(cut, _by_day(line.figure)) for cut in cuts]
    then = _before(report.span.grain, line)
    steps = []
    for cut, value, before in zip_longest(cuts, now, then[: len(cuts)]):
        shaded = report.span.grain is not Grain.QUARTER and cut.start.weekday() >= _SATURDAY
        steps.append(Step(_label(report.span.grain, cut.start), cut, value, before, shaded))
    return steps


def cuts_of(grain: Grain, days: Period) -> list[Period]:
    """The days of a week or month; the ISO weeks of a quarter, cut at its ends."""
    if grain is not Grain.QUARTER:
        return [Period(day, day) for day in _days(days)]
    cuts, week = [], span_of(Grain.WEEK, days.start)
    while week.days.start <= days.end:
        cuts.append(Period(max(week.days.start, days.start), min(week.days.end, days.end)))
        week = week.following
    return cuts


def _days(period: Period) -> list[date]:
    first = period.start.toordinal()
    return [period.start.fromordinal(first + number) for number in range(period.days)]


def _before(grain: Grain, line: Line) -> list[float | None]:
    if not line.before:
        return []
    figure = line.before[0]
    values = _by_day(figure)
    return [_sum(cut, values) for cut in cuts_of(grain, figure.period)]


def _by_day(figure: Figure) -> dict[date, float]:
    return {row["day"]: row["value"] for row in figure.rows}


def _sum(cut: Period, values: Mapping[date, float]) -> float | None:
    known = [values[day] for day in _days(cut) if day in values]
    return sum(known) if known else None


def _label(grain: Grain, day: date) -> str:
    if grain is Grain.WEEK:
        return formats.weekday_name(day.weekday())
    return str(day.day) if grain is Grain.MONTH else f"{day.month}/{day.day}"
