"""Who is here: members present, joins, leaves, churn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.figures.asked import Reach
from qunying.ground.figures.catalogue import Answer, Count, Params, metric
from qunying.ground.figures.view import laid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ibis.expr.types import Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Rows
    from qunying.ground.figures.view import View

_HOUSE = "House definition, methods §1.1"
_NO_FACTS = Reach(facts=False)


def _no_facts(_params: Params) -> Reach:
    return _NO_FACTS


def balance(view: View, stays: Table) -> dict[str, Table]:
    """What is needed for the daily balance: those here when the period begins, comings and goings a day."""
    start, end = view.day("start"), view.day("end")
    opening = stays.filter(stays.joined_day < start, stays.left_day.isnull() | (stays.left_day >= start))
    came = stays.filter(stays.joined_day.between(start, end))
    went = stays.filter(stays.left_day.between(start, end))
    return {
        "opening": opening.agg(n=opening.count()),
        "came": came.group_by(day=came.joined_day).agg(n=came.count()),
        "went": went.group_by(day=went.left_day).agg(n=went.count()),
    }


def daily_presence(tables: Mapping[str, Rows], asked: Asked) -> dict[date, int]:
    """Members present at the end of each day of the period, from the tables of `balance`."""
    came = {row["day"]: row["n"] for row in tables["came"]}
    went = {row["day"]: row["n"] for row in tables["went"]}
    here = int(tables["opening"][0]["n"])
    presence = {}
    for day in asked.each_day():
        here += came.get(day, 0) - went.get(day, 0)
        presence[day] = here
    return presence


@metric(
    "members_present",
    title=_("Members present"),
    definition=_(
        "People in the scope at the end of the day, each counted once, however many groups or accounts they have."
    ),
    numerator=_("People whose stay had begun and had not ended when the last day of the period ended."),
    unit="people",
    source=_HOUSE,
    columns=("day", "value"),
    reach=_no_facts,
    by_day=True,
)
def members_present(view: View, _params: Params) -> Count:
    """Members present at the end of the period, and of each of its days."""
    bases = {"stays": view.stays()}
    stays, end = laid(bases["stays"], "stays"), view.day("end")
    people = stays.filter(stays.joined_day <= end, stays.left_day.isnull() | (stays.left_day > end)).select("member")

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        presence = daily_presence(tables, asked)
        rows: Rows = [{"day": day, "value": here} for day, here in presence.items()]
        return Answer(presence[asked.period.end], presence[asked.period.end], rows=rows)

    return Count(people, balance(view, stays), finish, bases=bases)


def _moves(people: Table) -> Count:
    """Comings or goings: one row of `people` for each."""

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        by_day = {row["day"]: row["n"] for row in tables["days"]}
        rows: Rows = [{"day": day, "value": by_day.get(day, 0)} for day in asked.each_day()]
        total = sum(by_day.values())
        return Answer(total, total, rows=rows)

    return Count(people, {"days": people.group_by("day").agg(n=people.count())}, finish)


@metric(
    "joins",
    title=_("Joins"),
    definition=_(
        "Stays that began in the period: someone came in, or was first seen where nobody recorded the joining. "
        "Who leaves and comes back is counted again, so that yesterday's members plus joins minus leaves are today's."
    ),
    numerator=_("Stays that began in the period."),
    unit="facts",
    source=_HOUSE,
    columns=("day", "value"),
    reach=_no_facts,
)
def joins(view: View, _params: Params) -> Count:
    """Stays that began, by day."""
    stays = view.stays()
    came = stays.filter(stays.joined_day.between(view.day("start"), view.day("end")))
    return _moves(came.select("member", day=came.joined_day))


@metric(
    "leaves",
    title=_("Leaves"),
    definition=_("Stays that ended in the period: someone left the last group of the scope they were in."),
    numerator=_("Stays that ended in the period."),
    unit="facts",
    source=_HOUSE,
    columns=("day", "value"),
    reach=_no_facts,
)
def leaves(view: View, _params: Params) -> Count:
    """Stays that ended, by day."""
    stays = view.stays()
    went = stays.filter(stays.left_day.between(view.day("start"), view.day("end")))
    return _moves(went.select("member", day=went.left_day))


@metric(
    "churn_rate",
    title=_("Churn rate"),
    definition=_("The share of the members present when the period began who are gone when it ends."),
    numerator=_("Members present when the period began and not when it ended."),
    denominator=_("Members present when the period began."),
    unit="share",
    source=_HOUSE,
    reach=_no_facts,
)
def churn_rate(view: View, _params: Params) -> Count:
    """Members lost ÷ members at the start; who left and came back within the period is not lost."""
    bases = {"stays": view.stays()}
    stays, start, end = laid(bases["stays"], "stays"), view.day("start"), view.day("end")
    before = stays.filter(stays.joined_day < start, stays.left_day.isnull() | (stays.left_day >= start))
    after = stays.filter(stays.joined_day <= end, stays.left_day.isnull() | (stays.left_day > end))
    people = before.anti_join(after, "member").select("member")

    def finish(tables: Mapping[str, Rows], _asked: Asked) -> Answer:
        lost, whole = int(tables["lost"][0]["n"]), int(tables["before"][0]["n"])
        return Answer(lost / whole if whole else None, lost, whole)

    tables = {"lost": people.agg(n=people.count()), "before": before.agg(n=before.count())}
    return Count(people, tables, finish, bases=bases)
