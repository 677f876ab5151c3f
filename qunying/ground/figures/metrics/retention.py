"""Who stays: N-day, bounded and rolling retention of those who began in the period."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

import ibis
from django.utils.translation import gettext_lazy as _

from qunying.ground.figures.asked import Reach
from qunying.ground.figures.catalogue import Answer, Count, Params, metric
from qunying.ground.figures.metrics.activity import GRADE
from qunying.ground.figures.params import Param

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import IntegerValue, Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Rows
    from qunying.ground.figures.view import View

HOUR = 3_600_000_000
START = Param("since", "joined", ("joined", "active"))
_PARAMS = (
    Param("mode", "nday", ("nday", "bounded", "rolling")),
    Param("day", 1, low=0, high=365),
    Param("from_day", 1, low=0, high=365),
    Param("clock", "calendar", ("calendar", "hours24")),
    START,
    GRADE,
)


def _reach(params: Params) -> Reach:
    before = 0 if params["since"] == "joined" else None
    if params["mode"] == "rolling":
        return Reach(before=before, after=None)
    # A day of 24 hours ends within the next calendar day.
    return Reach(before=before, after=params["day"] + (params["clock"] == "hours24"))


def _cohort(view: View, params: Params) -> Table:
    """Those who began in the period, with `age`: the last day since then that is over for them."""
    began = view.first_times(params["since"], params["grade"])
    began = began.filter(began.day0.between(view.day("start"), view.day("end")))
    if params["clock"] == "calendar":
        return began.mutate(age=view.day("last_day").delta(began.day0, unit="day"))
    hour0 = began.at0 - began.at0 % HOUR
    return began.mutate(age=(view.instant("known") - hour0) // (24 * HOUR) - 1)


def _ages(view: View, cohort: Table, params: Params) -> Table:
    """One row for each person and day since their beginning on which they were active: columns n, age."""
    acts = view.acts(params["grade"])
    if params["clock"] == "calendar":
        # Days first: a person's many acts of a day are one before anything is joined.
        seen = acts.select("member", "day").distinct().join(cohort, "member")
        seen = seen.mutate(n=seen.day.delta(seen.day0, unit="day").cast("int64"))
    else:
        seen = acts.select("member", "at").join(cohort, "member")
        since = (seen.at - seen.at % HOUR) - (seen.at0 - seen.at0 % HOUR)
        seen = seen.mutate(n=ibis.ifelse(seen.at < seen.at0, -1, since // (24 * HOUR)))
    seen = seen.filter(seen.n >= 0, seen.age >= 0).select("member", "n", "age")
    return seen if params["clock"] == "calendar" else seen.distinct()


def _until(first: IntegerValue, last: IntegerValue) -> IntegerValue:
    return ibis.range(first, last + 1).unnest()


def _people(seen: Table, params: Params) -> Table:
    """One row for each person and day n on which they count as retained, if n is over for them."""
    day, mode = params["day"], params["mode"]
    if mode == "nday":
        return seen.filter(seen.n <= seen.age, seen.n <= day).select("member", "n")
    if mode == "rolling":
        last = seen.group_by("member", "age").agg(last=seen.n.max())
        return last.select("member", n=_until(ibis.literal(0, "int64"), ibis.least(last.last, last.age, day)))
    bounded = seen.filter(seen.n >= params["from_day"])
    first = bounded.group_by("member", "age").agg(first=bounded.n.min())
    return first.select("member", n=_until(first.first, ibis.least(first.age, day)))


@metric(
    "retention",
    title=_("Retention"),
    definition=_(
        "The share of the people who began in the period and were active again. Three ways to look at it: active on "
        "day N exactly, at least once from an earlier day to day N, or on day N or later. Day 0 is the day they "
        "began: came in or, if so chosen, first acted; who comes back later is not new again. Days are those of the "
        "local calendar or, if so chosen, 24 hours each from the full hour of the beginning. Only people whose day "
        "N is over count."
    ),
    numerator=_("Those of them who were active by this definition."),
    denominator=_("People who began in the period and whose day N is over."),
    unit="share",
    source="Amplitude's documentation of retention (N-day, bracket, unbounded; 24-hour days from the full hour)",
    params=_PARAMS,
    columns=("n", "value", "numerator", "denominator", "waiting"),
    reach=_reach,
)
def retention(view: View, params: Params) -> Count:
    """The curve from day 0 to day N, and day N as headline."""
    cohort = _cohort(view, params)
    people = _people(_ages(view, cohort, params), params)
    tables = {
        "retained": people.group_by("n").agg(members=people.count()),
        "ages": cohort.group_by("age").agg(members=cohort.count()),
    }
    headline = params["day"]

    def finish(tables: Mapping[str, Rows], _asked: Asked) -> Answer:
        rows = _curve(tables, headline)
        last = rows[headline]
        return Answer(last["value"], last["numerator"], last["denominator"], rows)

    return Count(people, tables, finish, headline={"n": headline})


def _curve(tables: Mapping[str, Rows], until: int) -> Rows:
    retained = {row["n"]: int(row["members"]) for row in tables["retained"]}
    ages = Counter({max(-1, min(int(row["age"]), until)): 0 for row in tables["ages"]})
    for row in tables["ages"]:
        ages[max(-1, min(int(row["age"]), until))] += int(row["members"])
    size = sum(ages.values())
    # Whoever is n days old or more counts on day n.
    too_young = list(accumulate(ages[n] for n in range(-1, until)))
    rows: Rows = []
    for n in range(until + 1):
        old_enough = size - too_young[n]
        part = retained.get(n, 0)
        rows.append(
            {
                "n": n,
                "value": part / old_enough if old_enough else None,
                "numerator": part,
                "denominator": old_enough,
                "waiting": size - old_enough,
            }
        )
    return rows
