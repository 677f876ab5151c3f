"""What people buy: orders, buyers, revenue, order value, repurchase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from django.utils.translation import gettext_lazy as _

from qunying.ground.events.kinds import ORDERED, REFUNDED
from qunying.ground.figures.asked import Reach
from qunying.ground.figures.catalogue import Answer, Count, Params, metric
from qunying.ground.figures.metrics.activity import by_day, within_period
from qunying.ground.figures.metrics.retention import HOUR
from qunying.ground.figures.params import Param
from qunying.ground.figures.view import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import StringValue, Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Rows
    from qunying.ground.figures.view import View

_HOUSE = "House definition"


def _order_id(facts: Table) -> StringValue:
    """What tells orders apart within a community: the order's own id, or the fact where it has none."""
    return ibis.ifelse(facts.object_id == "", "#" + facts.id.cast("string"), facts.object_id)


def _lines(view: View) -> Table:
    return view.facts.filter(view.facts.kind == ORDERED.name)


def _orders(lines: Table) -> Table:
    """One row for each order: its lines put together, at the time of the first."""
    lines = lines.mutate(order=_order_id(lines))
    return lines.group_by("community", "order").agg(
        member=lines.member.min(), day=lines.day.min(), at=lines.at.min(), amount=lines.amount.sum()
    )


@metric(
    "orders",
    title=_("Orders"),
    definition=_(
        "Paid orders of the period; several lines with one order id are one order. Refunded orders were orders too."
    ),
    numerator=_("Distinct orders."),
    unit="orders",
    source=_HOUSE,
    columns=("day", "value"),
    reach=within_period,
)
def orders(view: View, _params: Params) -> Count:
    """Distinct orders, by the day of their first line."""
    people = _orders(view.within(_lines(view))).select("member", "day")

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        rows = by_day(tables["days"], asked)
        total = sum(row["value"] for row in rows)
        return Answer(total, total, rows=rows)

    return Count(people, {"days": people.group_by("day").agg(n=people.count())}, finish)


@metric(
    "buyers",
    title=_("Buyers"),
    definition=_("People who paid for at least one order in the period."),
    numerator=_("People with a paid order."),
    unit="people",
    source=_HOUSE,
    columns=("day", "value"),
    reach=within_period,
)
def buyers(view: View, _params: Params) -> Count:
    """Distinct people with a paid order, over the period and by day."""
    people = view.within(_lines(view)).select("member", "day").distinct()
    kept = counted(people)
    tables = {"days": kept.group_by("day").agg(n=kept.count()), "all": kept.agg(n=kept.member.nunique())}

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        total = int(tables["all"][0]["n"])
        return Answer(total, total, rows=by_day(tables["days"], asked))

    return Count(people, tables, finish, keep=True)


def _net(view: View) -> Table:
    """Facts about money in the period, refunds negative whichever sign their source gave them."""
    facts = view.within(view.facts.filter(view.facts.kind.isin([ORDERED.name, REFUNDED.name])))
    return facts.mutate(net=ibis.ifelse(facts.kind == REFUNDED.name, -facts.amount.abs(), facts.amount))


@metric(
    "revenue",
    title=_("Revenue"),
    definition=_("What was paid for orders in the period, minus what was refunded in it."),
    numerator=_("Paid amounts minus refunds."),
    unit="money",
    source=_HOUSE,
    columns=("day", "value"),
    reach=within_period,
)
def revenue(view: View, _params: Params) -> Count:
    """Paid minus refunded, by day."""
    facts = _net(view)

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        rows = by_day(tables["days"], asked)
        total = sum(row["value"] for row in rows)
        return Answer(total, total, rows=rows)

    people = facts.select("member", "day").distinct()
    return Count(people, {"days": facts.group_by("day").agg(n=facts.net.sum())}, finish)


@metric(
    "order_value",
    title=_("Order value"),
    definition=_("Revenue ÷ orders: what an order brings on the average, refunds of the period subtracted."),
    numerator=_("Paid amounts minus refunds."),
    denominator=_("Distinct orders."),
    unit="money",
    source=_HOUSE,
    reach=within_period,
)
def order_value(view: View, _params: Params) -> Count:
    """Revenue ÷ distinct orders."""
    facts, bought = _net(view), _orders(view.within(_lines(view)))

    def finish(tables: Mapping[str, Rows], _asked: Asked) -> Answer:
        money, number = int(tables["money"][0]["n"] or 0), int(tables["orders"][0]["n"])
        return Answer(money / number if number else None, money, number)

    tables = {"money": facts.agg(n=facts.net.sum()), "orders": bought.agg(n=bought.count())}
    return Count(bought.select("member", "day"), tables, finish)


def _kept_orders(view: View) -> Table:
    """Orders that were not refunded in full."""
    bought = _orders(_lines(view))
    back = view.facts.filter(view.facts.kind == REFUNDED.name, view.facts.object_id != "")
    back = back.group_by("community", order=back.object_id).agg(refunded=back.amount.abs().sum())
    joined = bought.left_join(back, ["community", "order"])
    refunded = joined.refunded.notnull() & (joined.refunded >= joined.amount)
    return joined.filter(~refunded).select("member", "order", "day", "at")


def _repurchase_reach(params: Params) -> Reach:
    return Reach(before=None, after=params["days"] + 1)


@metric(
    "repurchase_rate",
    title=_("Repurchase rate"),
    definition=_(
        "The share of first-time buyers of the period who paid for a second order within 30 days of the first "
        "(another number can be chosen; a day is 24 hours). Orders refunded in full count neither as first nor as "
        "second; buyers whose days have not elapsed are left out."
    ),
    numerator=_("First-time buyers with a second order in time."),
    denominator=_("First-time buyers of the period whose days have elapsed."),
    unit="share",
    source="House definition, methods §1.3",
    params=(Param("days", 30, low=1, high=730),),
    columns=("outcome", "value"),
    reach=_repurchase_reach,
)
def repurchase_rate(view: View, params: Params) -> Count:
    """Buyers with a second kept order within the days ÷ first-time buyers old enough."""
    window = params["days"] * 24 * HOUR
    kept_orders = _kept_orders(view)
    order = ibis.window(group_by="member", order_by=[kept_orders.at, kept_orders.order])
    ranked = kept_orders.mutate(rank=ibis.row_number().over(order), second=kept_orders.at.lead().over(order))
    first = ranked.filter(ranked["rank"] == 0, ranked.day.between(view.day("start"), view.day("end")))
    outcome = ibis.cases(
        (first.at + window > view.instant(), "waiting"),
        (first.second.notnull() & (first.second - first.at <= window), "again"),
        else_="once",
    )
    people = first.select("member", outcome=outcome)

    def finish(tables: Mapping[str, Rows], _asked: Asked) -> Answer:
        found = {row["outcome"]: int(row["n"]) for row in tables["outcomes"]}
        rows: Rows = [{"outcome": name, "value": found.get(name, 0)} for name in ("again", "once", "waiting")]
        part = found.get("again", 0)
        whole = part + found.get("once", 0)
        return Answer(part / whole if whole else None, part, whole, rows)

    tables = {"outcomes": people.group_by("outcome").agg(n=people.count())}
    return Count(people, tables, finish, headline={"outcome": "again"})
