"""Daily, weekly and monthly active members on rolling windows, and stickiness."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
from django.utils.translation import gettext_lazy as _

from qunying.ground.figures.asked import Reach
from qunying.ground.figures.catalogue import Answer, Count, Params, metric
from qunying.ground.figures.metrics.activity import GRADE, active_days, by_day
from qunying.ground.figures.view import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from ibis.expr.types import Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Rows
    from qunying.ground.figures.view import View

_SOURCE = "Rolling windows as in Facebook's filings (Q4 2019: DAU 1.66 bn, MAU 2.50 bn); 1, 7 and 30 days"
_MONTH = 30


def _reach(window: int) -> Callable[[Params], Reach]:
    reach = Reach(before=window - 1)
    return lambda _params: reach


def _coverage(days: Table, window: int) -> Table:
    """How many active days begin on a day and how long they hold: the window, or until the next active day.

    The spans of one person never overlap, so adding one at the beginning and taking it away at the
    end counts people.
    """
    following = days.day.lead().over(ibis.window(group_by="member", order_by="day"))
    spans = days.mutate(gap=following.delta(days.day, unit="day"))
    spans = spans.mutate(span=ibis.coalesce(ibis.least(spans.gap, window), window))
    return spans.group_by("day", "span").agg(n=spans.count())


def _rolling(spans: Rows, asked: Asked, window: int) -> dict[date, int]:
    change: dict[date, int] = {}
    for row in spans:
        until = row["day"] + timedelta(days=row["span"])
        change[row["day"]] = change.get(row["day"], 0) + row["n"]
        change[until] = change.get(until, 0) - row["n"]
    day, here, series = asked.period.start - timedelta(days=window - 1), 0, {}
    while day <= asked.period.end:
        here += change.get(day, 0)
        series[day] = here
        day += timedelta(days=1)
    return {day: series[day] for day in asked.each_day()}


def _active_within(view: View, params: Params, window: int) -> Count:
    days = active_days(view, params["grade"], before=window - 1)
    last = days.filter(days.day >= view.day("end", 1 - window))

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        series = _rolling(tables["spans"], asked, window)
        rows: Rows = [{"day": day, "value": value} for day, value in series.items()]
        return Answer(series[asked.period.end], series[asked.period.end], rows=rows)

    return Count(last.select("member").distinct(), {"spans": _coverage(days, window)}, finish)


@metric(
    "dau",
    title=_("Daily active members (DAU)"),
    definition=_("People active on the last day of the period; the series has every day."),
    numerator=_("People with an act of the grade on the day."),
    unit="people",
    source=_SOURCE,
    params=(GRADE,),
    columns=("day", "value"),
    reach=_reach(1),
    by_day=True,
)
def dau(view: View, params: Params) -> Count:
    """Distinct people active on the day."""
    days = active_days(view, params["grade"])

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        rows = by_day(tables["days"], asked)
        return Answer(rows[-1]["value"], rows[-1]["value"], rows=rows)

    people = days.filter(days.day == view.day("end")).select("member")
    return Count(people, {"days": days.group_by("day").agg(n=days.count())}, finish)


@metric(
    "wau",
    title=_("Weekly active members (WAU)"),
    definition=_("People active in the 7 days that end with the last day of the period; the series rolls day by day."),
    numerator=_("People with an act of the grade in the 7 days."),
    unit="people",
    source=_SOURCE,
    params=(GRADE,),
    columns=("day", "value"),
    reach=_reach(7),
    by_day=True,
)
def wau(view: View, params: Params) -> Count:
    """Distinct people active within 7 rolling days."""
    return _active_within(view, params, 7)


@metric(
    "mau",
    title=_("Monthly active members (MAU)"),
    definition=_("People active in the 30 days that end with the last day of the period; the series rolls day by day."),
    numerator=_("People with an act of the grade in the 30 days."),
    unit="people",
    source=_SOURCE,
    params=(GRADE,),
    columns=("day", "value"),
    reach=_reach(_MONTH),
    by_day=True,
)
def mau(view: View, params: Params) -> Count:
    """Distinct people active within 30 rolling days."""
    return _active_within(view, params, _MONTH)


@metric(
    "stickiness",
    title=_("Stickiness"),
    definition=_("The average of the daily active members over the period ÷ the monthly active members at its end."),
    numerator=_("Daily active members, added up over the days."),
    denominator=_("Monthly active members at the end of the period × days of the period."),
    unit="share",
    source=_SOURCE,
    params=(GRADE,),
    columns=("day", "value", "dau", "mau"),
    reach=_reach(_MONTH),
)
def stickiness(view: View, params: Params) -> Count:
    """Mean DAU ÷ MAU at the end; 1 where everyone active in the month is active every day."""
    days = active_days(view, params["grade"], before=_MONTH - 1)
    kept = counted(days)
    tables = {"days": kept.group_by("day").agg(n=kept.count()), "spans": _coverage(kept, _MONTH)}

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        monthly = _rolling(tables["spans"], asked, _MONTH)
        rows: Rows = [
            {
                "day": row["day"],
                "value": row["value"] / monthly[row["day"]] if monthly[row["day"]] else None,
                "dau": row["value"],
                "mau": monthly[row["day"]],
            }
            for row in by_day(tables["days"], asked)
        ]
        total, whole = sum(row["dau"] for row in rows), monthly[asked.period.end] * asked.period.days
        return Answer(total / whole if whole else None, total, whole, rows, interval=False)

    return Count(days, tables, finish, keep=True)
