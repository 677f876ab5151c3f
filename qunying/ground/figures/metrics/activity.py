"""What people do: active members in three grades, messages, interactions, daily speakers, the clock."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis
from django.utils.translation import gettext_lazy as _

from qunying.ground.figures.asked import Reach
from qunying.ground.figures.catalogue import Answer, Count, Params, metric
from qunying.ground.figures.metrics.membership import balance, daily_presence
from qunying.ground.figures.params import Param
from qunying.ground.figures.view import counted, laid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import Table

    from qunying.ground.figures.asked import Asked
    from qunying.ground.figures.catalogue import Rows
    from qunying.ground.figures.view import View

GRADE = Param("grade", "seen", ("seen", "interactive", "speaking"))
_BASE = Param("base", "usual", ("usual", "average", "end", "ever"))
_MONTH = 31
_MONDAY = date(1900, 1, 1)
_HOUSE = "House definition, methods §1.1; three grades after Nielsen's participation inequality, 2006"


def within_period(_params: Params) -> Reach:
    """Facts of the period and no others."""
    return Reach()


def active_days(view: View, grade: str, *, before: int = 0) -> Table:
    """One row for each person and day with an act of this grade, in the period or up to `before` days earlier."""
    acts = view.within(view.acts(grade), before=before)
    return acts.select("member", "day").distinct()


def by_day(rows: Rows, asked: Asked, column: str = "n") -> Rows:
    """A row for every day of the period, 0 where nothing happened."""
    found = {row["day"]: row[column] for row in rows}
    return [{"day": day, "value": int(found.get(day, 0))} for day in asked.each_day()]


@metric(
    "active_members",
    title=_("Active members"),
    definition=_(
        "People with at least one act in the period. Grades: seen (any act of their own), interactive "
        "(reacted, commented, checked in and the like), speaking (sent a message)."
    ),
    numerator=_("People with an act of the grade in the period."),
    unit="people",
    source=_HOUSE,
    params=(GRADE,),
    columns=("day", "value"),
    reach=within_period,
)
def active_members(view: View, params: Params) -> Count:
    """Distinct people with an act, over the period and by day."""
    people = active_days(view, params["grade"])
    kept = counted(people)

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        total = int(tables["all"][0]["n"])
        return Answer(total, total, rows=by_day(tables["days"], asked))

    tables = {
        "days": kept.group_by("day").agg(n=kept.count()),
        "all": kept.agg(n=kept.member.nunique()),
    }
    return Count(people, tables, finish, keep=True)


@metric(
    "active_rate",
    title=_("Activity rate"),
    definition=_(
        "Active members ÷ members. The members are the average of the daily membership, so that who left still counts "
        "for the days they were here. In a period of more than 31 days, and where more people were active than that "
        "average, they are everyone who was here or active at any time in the period: the rate never passes 100 %."
    ),
    numerator=_("People with an act of the grade in the period."),
    denominator=_(
        "Average over the days of the members present when the day ended; in long periods everyone who was here or "
        "active. One can also ask for the average alone, the members of the last day, or everyone."
    ),
    unit="share",
    source=_HOUSE,
    params=(GRADE, _BASE),
    columns=("day", "value", "numerator", "denominator"),
    reach=within_period,
)
def active_rate(view: View, params: Params) -> Count:
    """Active members ÷ members, over the period and by day; a day counts those present at its end."""
    people = active_days(view, params["grade"])
    bases = {"stays": view.stays()}
    kept, stays = counted(people), laid(bases["stays"], "stays")
    tables = {
        "days": kept.group_by("day").agg(n=kept.count()),
        "all": kept.agg(n=kept.member.nunique()),
        "ever": _ever(view, kept, stays),
        "gone": _gone(kept, stays),
        **balance(view, stays),
    }

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        active, presence = int(tables["all"][0]["n"]), daily_presence(tables, asked)
        whole = _members(params["base"], active, presence, int(tables["ever"][0]["n"]))
        gone = {row["day"]: int(row["n"]) for row in tables["gone"]}
        rows: Rows = [
            _day_rate(row["day"], row["value"], presence[row["day"]], gone.get(row["day"], 0))
            for row in by_day(tables["days"], asked)
        ]
        return Answer(active / whole if whole else None, active, whole, rows)

    return Count(people, tables, finish, keep=True, bases=bases)


def _ever(view: View, kept: Table, stays: Table) -> Table:
    """How many were here or active at any time in the period: an order may come from someone who has left."""
    start, end = view.day("start"), view.day("end")
    here = stays.filter(stays.joined_day <= end, stays.left_day.isnull() | (stays.left_day >= start))
    everyone = here.select("member").union(kept.select("member"), distinct=True)
    return everyone.agg(n=everyone.count())


def _gone(kept: Table, stays: Table) -> Table:
    """By day, how many were active on it and no longer here at its end."""
    still = kept.inner_join(
        stays,
        [
            kept.member == stays.member,
            stays.joined_day <= kept.day,
            stays.left_day.isnull() | (stays.left_day > kept.day),
        ],
    ).select(kept.member, kept.day)
    gone = kept.anti_join(still, ["member", "day"])
    return gone.group_by("day").agg(n=gone.count())


def _members(base: str, active: int, presence: Mapping[date, int], ever: int) -> float:
    """The denominator of this name; `usual` is the average, or everyone where that could not hold the active."""
    average = sum(presence.values()) / len(presence)
    if base == "usual":
        return usual_members(active, average, ever, days=len(presence))
    return {"average": average, "end": presence[max(presence)], "ever": ever}[base]


def usual_members(active: int, average: float, ever: int, *, days: int) -> float:
    """The usual denominator of the activity rate: the average membership, or everyone where the rate could pass 1."""
    return average if days <= _MONTH and active <= average else ever


def _day_rate(day: date, active: int, here: int, gone: int) -> dict[str, object]:
    """Members are those here at the end of the day; where more were active, those who had left by then too."""
    whole = here if active <= here else here + gone
    return {"day": day, "value": active / whole if whole else None, "numerator": active, "denominator": whole}


def _volume(view: View, grade: str) -> Count:
    acts = view.within(view.acts(grade))

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        rows = by_day(tables["days"], asked)
        total = sum(row["value"] for row in rows)
        return Answer(total, total, rows=rows)

    people = acts.select("member", "day").distinct()
    return Count(people, {"days": acts.group_by("day").agg(n=acts.count())}, finish)


@metric(
    "messages",
    title=_("Messages"),
    definition=_("Messages sent in the period, without those of staff and bots."),
    numerator=_("Messages sent."),
    unit="facts",
    source=_HOUSE,
    columns=("day", "value"),
    reach=within_period,
)
def messages(view: View, _params: Params) -> Count:
    """Facts of the grade speaking, by day."""
    return _volume(view, "speaking")


@metric(
    "interactions",
    title=_("Interactions"),
    definition=_(
        "Acts of the grade interactive in the period: reactions, likes, comments, shares, check-ins, invitations, "
        "sign-ups, answers. Messages are counted apart."
    ),
    numerator=_("Interactive acts."),
    unit="facts",
    source=_HOUSE,
    columns=("day", "value"),
    reach=within_period,
)
def interactions(view: View, _params: Params) -> Count:
    """Facts of the grade interactive, by day."""
    return _volume(view, "interactive")


@metric(
    "daily_speakers",
    title=_("Daily speakers"),
    definition=_("People who sent a message on a day, on the average of the days of the period."),
    numerator=_("Speakers of each day, added up."),
    denominator=_("Days of the period."),
    unit="per_day",
    source=_HOUSE,
    columns=("day", "value"),
    reach=within_period,
)
def daily_speakers(view: View, _params: Params) -> Count:
    """Mean of the daily distinct speakers."""
    people = active_days(view, "speaking")

    def finish(tables: Mapping[str, Rows], asked: Asked) -> Answer:
        rows = by_day(tables["days"], asked)
        total, days = sum(row["value"] for row in rows), asked.period.days
        return Answer(total / days, total, days, rows, interval=False)

    return Count(people, {"days": people.group_by("day").agg(n=people.count())}, finish)


@metric(
    "activity_hours",
    title=_("Activity by hour and weekday"),
    definition=_("Acts of the grade by local weekday (1 is Monday) and hour of the day."),
    numerator=_("Acts of the grade in the period."),
    unit="facts",
    source=_HOUSE,
    params=(GRADE,),
    columns=("weekday", "hour", "value"),
    reach=within_period,
)
def activity_hours(view: View, params: Params) -> Count:
    """Acts in the 7 × 24 cells of a week."""
    acts = view.within(view.acts(params["grade"]))
    # The remainder is twice as quick as asking each day for its weekday.
    acts = acts.select("member", "hour", weekday=acts.day.delta(ibis.literal(_MONDAY), unit="day") % 7 + 1)

    def finish(tables: Mapping[str, Rows], _asked: Asked) -> Answer:
        found = {(row["weekday"], row["hour"]): row["n"] for row in tables["cells"]}
        rows: Rows = [
            {"weekday": weekday, "hour": hour, "value": int(found.get((weekday, hour), 0))}
            for weekday in range(1, 8)
            for hour in range(24)
        ]
        total = sum(row["value"] for row in rows)
        return Answer(total, total, rows=rows)

    return Count(acts.distinct(), {"cells": acts.group_by("weekday", "hour").agg(n=acts.count())}, finish)
