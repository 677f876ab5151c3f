"""The ordered funnel with a window, as ClickHouse's windowFunnel counts it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import ibis
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from qunying.ground.events.kinds import kind_named
from qunying.ground.figures.asked import Reach
from qunying.ground.figures.catalogue import Answer, Count, Params, metric
from qunying.ground.figures.metrics.retention import HOUR
from qunying.ground.figures.params import Param
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Rows
    from qunying.ground.figures.view import View

_STEPS = ("read", "liked+commented+checked_in", "signed_up+shared", "ordered+attended")
_FEWEST, _MOST = 2, 10
_TICKS = 1_000_000


def read_steps(steps: tuple[str, ...]) -> list[list[str]]:
    """Each step as the kinds that make it; raises QunyingError for an unknown kind or a wrong number of steps."""
    if not _FEWEST <= len(steps) <= _MOST:
        raise QunyingError(
            _now("A funnel has %(few)s to %(many)s steps, such as steps=read,liked+commented,ordered.")
            % {"few": _FEWEST, "many": _MOST}
        )
    return [[kind_named(name.strip()).name for name in step.split("+")] for step in steps]


def _reach(params: Params) -> Reach:
    return Reach(after=ceil(params["window"] / 24) + 1)


def _moments(view: View, steps: list[list[str]]) -> Table:
    """One row for each person and instant with a step, and which steps happened then (s1, s2, …).

    The first step counts within the period only; the others may come later, within the window.
    """
    facts = view.facts.filter(view.facts.kind.isin(sorted({name for step in steps for name in step})))
    flags = {f"s{number}": facts.kind.isin(names) for number, names in enumerate(steps, 1)}
    flags["s1"] &= facts.day.between(view.day("start"), view.day("end"))
    rows = facts.select("member", "at", **flags)
    return rows.group_by("member", "at").agg(**{name: rows[name].any() for name in flags})


def _climb(rows: Table, count: int, params: Params) -> Table:
    """Adds for every step k: hit_k, where step k completes a chain at that instant, and from_k, the step before.

    start_k is the latest beginning of a chain of k steps so far: a later beginning leaves more of the
    window, so nothing is lost by forgetting the earlier ones. This is what makes a person who starts
    again count from the second start.
    """
    window = params["window"] * HOUR
    until = 1 if params["strict_increase"] else 0
    so_far = ibis.window(group_by="member", order_by="at", preceding=(None, 0))
    earlier = ibis.window(group_by="member", order_by="at", preceding=(None, until))
    rows = rows.mutate(hit_1=rows.s1.ifelse(rows["at"], ibis.null("int64")))
    for k in range(2, count + 1):
        hit = rows[f"hit_{k - 1}"]
        last = hit.notnull().ifelse(rows["at"], ibis.null("int64"))
        before = {"open": hit.max().over(earlier), f"from_{k}": last.max().over(earlier)}
        if params["strict_order"]:
            before[f"ready_{k}"] = hit.max().over(so_far).notnull()
        rows = rows.mutate(**before)
        reached = rows[f"s{k}"] & rows.open.notnull() & (rows["at"] <= rows.open + window)
        rows = rows.mutate(**{f"hit_{k}": reached.ifelse(rows.open, ibis.null("int64"))})
    return rows


def _until_disorder(rows: Table, count: int) -> Table:
    """Rows up to the first step, after a beginning, that came before its turn: there the climb ends."""
    so_far = ibis.window(group_by="member", order_by="at", preceding=(None, 0))
    rows = rows.mutate(begun=rows.hit_1.notnull().cast("int8").max().over(so_far))
    early = ibis.or_(*(rows[f"s{k}"] & ~rows[f"ready_{k}"] for k in range(2, count + 1)))
    rows = rows.mutate(early=(early & (rows.begun == 1)).cast("int8"))
    before = ibis.window(group_by="member", order_by="at", preceding=(None, 1))
    rows = rows.mutate(ended=rows.early.max().over(before))
    return rows.filter(rows.ended.isnull() | (rows.ended == 0))


def _reached(rows: Table, count: int) -> Table:
    """One row for each person who began: their level, and the seconds from each step to the next."""
    hits = {k: rows[f"hit_{k}"].notnull() for k in range(1, count + 1)}
    levels = ibis.cases(*((hits[k], k) for k in range(count, 0, -1)), else_=0)
    waits = {
        f"wait_{k}": (rows["at"] - rows[f"from_{k}"]).argmin(rows["at"], where=hits[k]) for k in range(2, count + 1)
    }
    people = rows.group_by("member").agg(level=levels.max(), **waits)
    return people.filter(people.level > 0)


@metric(
    "funnel",
    title=_("Funnel"),
    definition=_(
        "People who took the steps in order: the first in the period, the last within a set number of hours of it. "
        "A step is one kind of fact or any of several. Who begins again counts from the later beginning. If strict "
        "order is chosen, the climb ends where a step comes before its turn; if strict increase is chosen, each "
        "step is later than the one before, not at the same instant. The headline is last step ÷ first step; "
        "between two steps the median time from the nearest step before is given, in seconds."
    ),
    numerator=_("People who took every step."),
    denominator=_("People who took the first step in the period."),
    unit="share",
    source="ClickHouse's windowFunnel",
    params=(
        Param("steps", _STEPS),
        Param("window", 336, low=1, high=8760),
        Param("strict_order", default=False),
        Param("strict_increase", default=False),
    ),
    columns=("step", "name", "value", "share", "from_previous", "median_seconds", "finished"),
    reach=_reach,
)
def funnel(view: View, params: Params) -> Count:
    """People by step, shares, and the median time from each step to the next."""
    steps = read_steps(params["steps"])
    rows = _climb(_moments(view, steps), len(steps), params)
    if params["strict_order"]:
        rows = _until_disorder(rows, len(steps))
    reached = _reached(rows, len(steps))
    people = reached.mutate(step=ibis.range(1, reached.level + 1).unnest())
    waits = ((people.step == k, people[f"wait_{k}"]) for k in range(2, len(steps) + 1))
    people = people.select("member", "step", wait=ibis.cases(*waits, else_=ibis.null("int64")))
    tables = {"steps": people.group_by("step").agg(members=people.count(), wait=people.wait.median())}

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        rows = _ladder(tables["steps"], params["steps"])
        finished = asked.known_day(_reach(params)) >= asked.days(_reach(params))[1]
        first, last = rows[0]["value"], rows[-1]["value"]
        return Answer(last / first if first else None, last, first, [row | {"finished": finished} for row in rows])

    return Count(people, tables, finish, headline={"step": len(steps)})


def _ladder(found: Rows, names: tuple[str, ...]) -> Rows:
    members = {row["step"]: int(row["members"]) for row in found}
    waits = {row["step"]: row["wait"] for row in found}
    first = members.get(1, 0)
    rows: Rows = []
    for step, name in enumerate(names, 1):
        value, before = members.get(step, 0), rows[-1]["value"] if rows else 0
        wait = waits.get(step)
        rows.append(
            {
                "step": step,
                "name": name,
                "value": value,
                "share": value / first if first else None,
                "from_previous": value / before if before else None,
                "median_seconds": None if wait is None else float(wait) / _TICKS,
            }
        )
    return rows
