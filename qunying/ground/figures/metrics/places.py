"""The statements behind `figures.places`: the headline figures told by place, defined as in the catalogue."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import ibis

from qunying.ground.events.kinds import ORDERED, REFUNDED
from qunying.ground.figures.compiling import to_sql
from qunying.ground.figures.view import laid, make_view

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from qunying.ground.figures.view import View


@cache
def statements(_kinds: int) -> tuple[dict[str, str], dict[str, str]]:
    """What is computed once, in this order, and the tables read from it; each table has the columns place and n.

    Which acts are interactive is written into them, so another number of kinds makes others.
    """
    view = make_view(by_place=True)
    stays = laid(view.stays(), "stays")
    acts = view.within(view.acts("interactive"))
    acted = acts.group_by("place", "member").agg(n=acts.count())
    acting = laid(acted, "counted")
    everyone = _here(view, stays).union(acting.select("place", "member"), distinct=True)
    tables = {
        **_membership(view, stays),
        "active": _rows(acting),
        "interactions": acting.group_by("place").agg(n=acting.n.sum()),
        "ever": _rows(everyone),
        "messages": _rows(view.within(view.acts("speaking"))),
        **_money(view),
    }
    bases = {"stays": to_sql(view.stays()), "counted": to_sql(acted)}
    return bases, {name: to_sql(table) for name, table in tables.items()}


def _membership(view: View, stays: Table) -> dict[str, Table]:
    """Members present, those of the first day and those lost; comings and goings as days of membership.

    And the stays that ever ended: where none did, nobody records leavings, and no churn says nothing (decision 0062).
    """
    start, end = view.day("start"), view.day("end")
    before = stays.filter(stays.joined_day < start, stays.left_day.isnull() | (stays.left_day >= start))
    after = stays.filter(stays.joined_day <= end, stays.left_day.isnull() | (stays.left_day > end))
    came = stays.filter(stays.joined_day.between(start, end))
    went = stays.filter(stays.left_day.between(start, end))
    return {
        "present": _rows(after),
        "opening": _rows(before),
        "lost": _rows(before.anti_join(after, ["place", "member"])),
        "came": came.group_by("place").agg(n=(end.delta(came.joined_day, unit="day") + 1).sum()),
        "went": went.group_by("place").agg(n=(end.delta(went.left_day, unit="day") + 1).sum()),
        "gone": _rows(view.memberships.filter(view.memberships.left_at.notnull())),
    }


def _here(view: View, stays: Table) -> Table:
    """Everyone who was here on any day of the period."""
    start, end = view.day("start"), view.day("end")
    here = stays.filter(stays.joined_day <= end, stays.left_day.isnull() | (stays.left_day >= start))
    return here.select("place", "member")


def _money(view: View) -> dict[str, Table]:
    """Paid minus refunded, whichever sign a refund has; and orders, several lines of one id being one."""
    facts = view.within(view.facts.filter(view.facts.kind.isin([ORDERED.name, REFUNDED.name])))
    net = facts.mutate(net=ibis.ifelse(facts.kind == REFUNDED.name, -facts.amount.abs(), facts.amount))
    lines = facts.filter(facts.kind == ORDERED.name)
    known = ibis.ifelse(lines.object_id == "", "#" + lines.id.cast("string"), lines.object_id)
    bought = lines.select("place", "community", order=known).distinct()
    return {"revenue": net.group_by("place").agg(n=net.net.sum()), "orders": _rows(bought)}


def _rows(table: Table) -> Table:
    return table.group_by("place").agg(n=table.count())
