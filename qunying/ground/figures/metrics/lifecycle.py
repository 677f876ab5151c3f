"""Where active people come from and go: new, returning, resurrecting, dormant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from django.utils.translation import gettext_lazy as _

from qunying.ground.figures.asked import Reach
from qunying.ground.figures.catalogue import Answer, Count, Params, metric
from qunying.ground.figures.metrics.activity import GRADE
from qunying.ground.figures.metrics.intervals import GRAIN, LONGEST, adjacent, beginning, intervals
from qunying.ground.figures.view import laid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import DateValue, Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Rows
    from qunying.ground.figures.view import View

STATES = ("new", "returning", "resurrecting", "dormant")
_ONE = {"day": ibis.interval(days=1), "week": ibis.interval(days=7), "month": ibis.interval(months=1)}


def _reach(params: Params) -> Reach:
    return Reach(before=None, after=LONGEST[params["grain"]])


def _moved(start: DateValue, grain: str, *, back: bool = False) -> DateValue:
    instant = start.cast("timestamp")
    return (instant - _ONE[grain] if back else instant + _ONE[grain]).cast("date")


def _active(view: View, params: Params) -> Table:
    """Each person and interval of activity from the one before the period on, with their neighbours."""
    grain = params["grain"]
    acts = view.acts(params["grade"])
    first = acts.group_by("member").agg(first=acts.day.min())
    start = _moved(beginning(view.day("start"), grain), grain, back=True)
    days = acts.filter(acts.day >= start).select("member", "day").distinct()
    active = days.select("member", start=beginning(days.day, grain)).distinct()
    active = active.filter(active.start <= view.day("end"))
    order = ibis.window(group_by="member", order_by="start")
    active = active.mutate(before=active.start.lag().over(order), after=active.start.lead().over(order))
    return active.join(first, "member")


def _states(view: View, active: Table, grain: str) -> Table:
    """One row for each person, interval of the period and state."""
    began = active.start == beginning(active.first, grain)
    carried = active.before.notnull() & adjacent(active.before, active.start, grain)
    state = ibis.cases((began, "new"), (carried, "returning"), else_="resurrecting")
    here = active.select("member", "start", state=state)
    here = here.filter(here.start >= beginning(view.day("start"), grain))
    last = active.after.isnull() | ~adjacent(active.start, active.after, grain)
    gone = active.filter(last).select("member", start=_moved(active.start, grain), state=ibis.literal("dormant"))
    gone = gone.filter(gone.start.between(beginning(view.day("start"), grain), view.day("end")))
    return here.union(gone)


@metric(
    "lifecycle",
    title=_("Lifecycle"),
    definition=_(
        "Active people by interval: new (first act ever), returning (active in the interval before too), resurrecting "
        "(active again after at least one interval without an act), and dormant (active in the interval before, not in "
        "this one). The headline is new + resurrecting − dormant of the last interval that is over."
    ),
    numerator=_("New and resurrecting people minus dormant ones."),
    unit="people",
    source="PostHog's lifecycle",
    params=(GRAIN, GRADE),
    columns=("start", *STATES, "finished"),
    reach=_reach,
)
def lifecycle(view: View, params: Params) -> Count:
    """New, returning, resurrecting and dormant people in each interval of the period."""
    grain = params["grain"]
    bases = {"active": _active(view, params)}
    people = _states(view, laid(bases["active"], "active"), grain)

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        cells = {(row["start"], row["state"]): int(row["members"]) for row in tables["cells"]}
        rows: Rows = [
            {
                "start": span.start,
                **{state: cells.get((span.start, state), 0) for state in STATES},
                "finished": span.end <= asked.last_day,
            }
            for span in intervals(asked.period.start, asked.period.end, grain)
        ]
        over = [row for row in rows if row["finished"]]
        return Answer(over[-1]["new"] + over[-1]["resurrecting"] - over[-1]["dormant"] if over else None, rows=rows)

    tables = {"cells": people.group_by("start", "state").agg(members=people.count())}
    return Count(people, tables, finish, bases=bases)
