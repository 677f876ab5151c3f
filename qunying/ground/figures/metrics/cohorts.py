"""The cohort matrix: of those who began together, how many are active in each later interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.figures.asked import Reach
from qunying.ground.figures.catalogue import Answer, Count, Params, metric
from qunying.ground.figures.metrics.activity import GRADE
from qunying.ground.figures.metrics.intervals import GRAIN, LONGEST, beginning, intervals, steps_between
from qunying.ground.figures.params import Param

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ibis.expr.types import Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Rows
    from qunying.ground.figures.view import View

_START = Param("since", "joined", ("joined", "active", "recurring"))


def _reach(params: Params) -> Reach:
    return Reach(before=None if params["since"] == "active" else LONGEST[params["grain"]], after=None)


def _cohorts(view: View, params: Params, active: Table) -> Table:
    """One row for each person and cohort they belong to; only with since=recurring can there be several."""
    grain = params["grain"]
    if params["since"] == "recurring":
        rows = active.select("member", cohort=active.interval)
    else:
        began = view.first_times(params["since"], params["grade"])
        rows = began.select("member", cohort=beginning(began.day0, grain))
    return rows.filter(rows.cohort.between(beginning(view.day("start"), grain), view.day("end")))


@metric(
    "cohorts",
    title=_("Cohorts"),
    definition=_(
        "Of the people who began in an interval (came in or, if so chosen, first acted), the share active in each "
        "interval after it. If so chosen, a cohort is everyone active in the interval instead, so that a person can "
        "be in several. Age 0 is the interval itself. The headline is the share at age 1 over all cohorts whose "
        "next interval is over. Intervals still going on are marked and carry no share."
    ),
    numerator=_("People of the cohort active in the interval."),
    denominator=_("People of the cohort."),
    unit="share",
    source="PostHog's retention table (first time and recurring), weighted by cohort size",
    params=(GRAIN, _START, GRADE),
    columns=("cohort", "age", "value", "numerator", "denominator", "finished"),
    reach=_reach,
)
def cohorts(view: View, params: Params) -> Count:
    """The triangle of cohorts and ages."""
    grain = params["grain"]
    acts = view.acts(params["grade"])
    days = acts.select("member", "day").distinct()
    active = days.select("member", interval=beginning(days.day, grain)).distinct()
    cohort = _cohorts(view, params, active)
    seen = cohort.join(active, "member")
    seen = seen.filter(seen.interval >= seen.cohort)
    people = seen.select("member", "cohort", age=steps_between(seen.cohort, seen.interval, grain))
    tables = {
        "sizes": cohort.group_by("cohort").agg(members=cohort.count()),
        "cells": people.group_by("cohort", "age").agg(members=people.count()),
    }

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        rows = _triangle(tables, asked, grain)
        second = [row for row in rows if row["age"] == 1 and row["finished"]]
        part, whole = (sum(row[name] for row in second) for name in ("numerator", "denominator"))
        return Answer(part / whole if whole else None, part, whole, rows)

    return Count(people, tables, finish, headline={"age": 1})


def _triangle(tables: Mapping[str, Rows], asked: Asked, grain: str) -> Rows:
    sizes: dict[date, int] = {row["cohort"]: int(row["members"]) for row in tables["sizes"]}
    cells = {(row["cohort"], row["age"]): int(row["members"]) for row in tables["cells"]}
    spans = intervals(asked.period.start, max(asked.last_day, asked.period.end), grain)
    rows: Rows = []
    for index, span in enumerate(spans):
        if span.start > asked.period.end:
            break
        size = sizes.get(span.start, 0)
        for age, later in enumerate(spans[index:]):
            part, finished = cells.get((span.start, age), 0), later.end <= asked.last_day
            rows.append(
                {
                    "cohort": span.start,
                    "age": age,
                    "value": part / size if finished and size else None,
                    "numerator": part,
                    "denominator": size,
                    "finished": finished,
                }
            )
    return rows
