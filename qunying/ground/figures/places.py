"""The headline figures of many places at once: one question for all of them, not one for each.

A place is a number with its communities: a unit with everything below it, or one community. People are counted
once in each place, so that a region is not the sum of its stores. Definitions are those of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.ground.events.kinds import all_kinds
from qunying.ground.figures.asked import Reach, ask
from qunying.ground.figures.results import SMALL, Scope
from qunying.ground.figures.sitting import one_snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from qunying.ground.figures.engine import Session
    from qunying.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it is a share of; of nobody it has no value."""

    numerator: int
    denominator: float

    @property
    def value(self) -> float | None:
        """Numerator ÷ denominator."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def small(self) -> bool:
        """Whether it stands on fewer than 30 people."""
        return self.denominator < SMALL


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline figures of one place in one period.

    `members` are those present when it ends; `active` counts people with an interactive act; `revenue` is in
    minor units and means something where the communities of the place count in one currency. `churn` has no
    value where no stay ever ended: nobody records leavings there.
    """

    members: int
    active: Rate
    churn: Rate
    interactions: int
    messages: int
    revenue: int
    orders: int

    @property
    def per_member(self) -> float | None:
        """Interactions for each member present at the end; None where nobody is."""
        return self.interactions / self.members if self.members else None


def headlines(places: Mapping[int, Collection[int]], period: Period) -> dict[int, Headline]:
    """The headline figures of every place (number → ids of its communities) that has a community, in one go."""
    chosen = {place: tuple(sorted(communities)) for place, communities in places.items() if communities}
    if not chosen:
        return {}
    counts = _counts(chosen, period)
    return {place: _headline(place, counts, period) for place in chosen}


def _counts(chosen: Mapping[int, tuple[int, ...]], period: Period) -> dict[str, dict[int, int]]:
    from qunying.ground.figures.metrics.places import statements  # noqa: PLC0415 - Ibis takes a second to load

    everything = tuple(sorted({one for communities in chosen.values() for one in communities}))
    with one_snapshot() as sitting:
        asked = ask(Scope(everything), period, {}, sitting=sitting)
        session = sitting.session(asked, Reach())
        _tell_by_place(session, [(place, one) for place, communities in chosen.items() for one in communities])
        bases, tables = statements(len(all_kinds()))
        for name, sql in bases.items():
            session.lay({name: sql})
        found = {name: session.rows(sql) for name, sql in tables.items()}
    return {name: {row["place"]: int(row["n"] or 0) for row in rows} for name, rows in found.items()}


def _tell_by_place(session: Session, pairs: list[tuple[int, int]]) -> None:
    """Have every fact and membership there once for each place its community belongs to."""
    values = ", ".join(f"({place:d}, {community:d})" for place, community in pairs)
    told = f"(VALUES {values}) AS told (place, community)"
    columns = "place, member, joined_at, left_at, joined_day, left_day"
    # Integers alone are written into the statements, and names of our own.
    stays = f"SELECT {columns} FROM {session.desk.schema}.memberships JOIN {told} USING (community)"  # noqa: S608
    facts = f"SELECT f.*, told.place FROM ({session.meanings['facts']}) f JOIN {told} USING (community)"  # noqa: S608
    session.meanings |= {"memberships": stays, "facts": facts}


def _headline(place: int, counts: Mapping[str, dict[int, int]], period: Period) -> Headline:
    from qunying.ground.figures.metrics.activity import usual_members  # noqa: PLC0415 - as above

    n = {name: found.get(place, 0) for name, found in counts.items()}
    average = n["opening"] + (n["came"] - n["went"]) / period.days
    return Headline(
        members=n["present"],
        active=Rate(n["active"], usual_members(n["active"], average, n["ever"], days=period.days)),
        churn=Rate(n["lost"], n["opening"] if n["gone"] else 0),
        interactions=n["interactions"],
        messages=n["messages"],
        revenue=n["revenue"],
        orders=n["orders"],
    )
