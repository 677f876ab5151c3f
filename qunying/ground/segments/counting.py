"""Asking who fits: one statement over one snapshot, live."""

# ruff: noqa: S608 - what is put into SQL is checked numbers, days, and words quoted by `sql_list`
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.ground.figures.people import find_people
from qunying.ground.segments.behaviour import deeds
from qunying.ground.segments.conditions import Condition, Group, condition_named
from qunying.ground.segments.profile import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.figures.people import Finding

__all__ = ["PARTS", "Fitting", "count_fitting", "deeds", "members_fitting"]

_EVERYONE = 'SELECT member FROM "stays"'


@dataclass(frozen=True, slots=True)
class Fitting:
    """How many people fit, of how many there are or were in the same communities."""

    count: int
    among: int


def members_fitting(group: Group, communities: Sequence[int]) -> list[int]:
    """Ids of the people in these communities (ids) who fit, in order.

    Staff and bots are left out unless a condition asks for them. Behaviour counts what was done in these
    communities, over local days up to and with today.
    """
    if not communities:
        return []
    with find_people(communities, days=_days(group), everyone=_everyone(group)) as look:
        return look.session.members(f"{_sql(group, look)} ORDER BY member")


def count_fitting(group: Group, communities: Sequence[int]) -> Fitting:
    """How many fit, of how many; quicker than asking who."""
    if not communities:
        return Fitting(0, 0)
    with find_people(communities, days=_days(group), everyone=_everyone(group)) as look:
        fit = f"(SELECT count(*) FROM ({_sql(group, look)})) AS fit"
        among = f"(SELECT count(DISTINCT member) FROM ({_EVERYONE})) AS among"
        sql = f"SELECT {fit}, {among}"
        row = look.session.rows(sql)[0]
        return Fitting(int(row["fit"]), int(row["among"]))


def _days(group: Group) -> int:
    """How far back facts must be read; 0: all of them."""
    wanted = [condition_named(part.kind).days(part.params) for part in group.conditions()]
    told = [days for days in wanted if days is not None]
    return 0 if 0 in told else max(told, default=1)


def _everyone(group: Group) -> bool:
    return any(part.kind == "mark" for part in group.conditions())


def _sql(group: Group, look: Finding) -> str:
    base = f"SELECT DISTINCT member FROM ({_EVERYONE})"
    return f"SELECT DISTINCT member FROM ({base} INTERSECT ({_group(group, look)}))" if group.parts else base


def _group(group: Group, look: Finding) -> str:
    parts = [f"({_part(part, look)})" for part in group.parts]
    return (" INTERSECT " if group.every else " UNION ").join(parts)


def _part(part: Condition | Group, look: Finding) -> str:
    if isinstance(part, Group):
        return _group(part, look)
    sql = condition_named(part.kind).sql(part.params, look)
    return f"{_EVERYONE} EXCEPT ({sql})" if part.negated else sql
