"""The board of a unit: what stands below it, line by line, with the figures of two periods."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qunying.check.supervision.attainment import Attainment, attainments
from qunying.check.supervision.execution import Execution, executions
from qunying.check.supervision.queries import Limit, limits_of, supervised_units, tops_of
from qunying.ground.figures.places import headlines
from qunying.ground.figures.sitting import one_snapshot
from qunying.ground.groups.models import Community

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from qunying.check.supervision.execution import Place
    from qunying.ground.access.models import Holder
    from qunying.ground.figures.places import Headline
    from qunying.ground.units.models import Unit
    from qunying.kit.periods import Period


class Level(StrEnum):
    """What a line of the board is: what hangs right below, the lowest units, or every community."""

    NEXT = "next"
    LOWEST = "lowest"
    COMMUNITIES = "communities"


@dataclass(frozen=True, slots=True)
class Stand:
    """How a place stands in one period; `headline` is None where it has no community."""

    headline: Headline | None
    execution: Execution
    goals: Attainment


@dataclass(frozen=True, slots=True)
class Line:
    """One unit with everything below it, or one community; `now` and the period `before`.

    `currency` is None where its communities count in several.
    """

    name: str
    unit: Unit | None
    community: Community | None
    now: Stand
    before: Stand
    limit: Limit
    currency: str | None
    simulated: bool

    @property
    def flagged(self) -> bool:
        """Whether its execution deviates more than it is allowed."""
        return self.now.execution.passes(self.limit.percent)


@dataclass(frozen=True, slots=True)
class Board:
    """What a person sees of a unit (None: of all their units, where these have no common one).

    `whole` is the unit itself with everything below, people counted once. `beside` is the work that
    belongs to units as a whole and so stands in no line.
    """

    unit: Unit | None
    level: Level
    levels: tuple[Level, ...]
    period: Period
    whole: Line
    lines: list[Line]
    beside: Execution


@dataclass(frozen=True, slots=True)
class _Place:
    """What a line covers."""

    name: str
    unit: Unit | None
    community: Community | None
    communities: tuple[Community, ...]
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Realm:
    """The units a person asks about, tops first, and the communities in them."""

    unit: Unit | None
    tops: list[Unit]
    units: list[Unit]
    communities: list[Community]


def realm_of(staff: Holder, unit: Unit | None = None) -> Realm:
    """What the person supervises: this unit of theirs (from `get_supervised_unit`) and all below, or everything."""
    return realm_in(supervised_units(staff), unit)


def realm_in(units: QuerySet[Unit], unit: Unit | None = None) -> Realm:
    """These units, or those of them from `unit` down; where one stands above all others, the realm is that unit's."""
    chosen = list(units.filter(path__startswith=unit.path) if unit else units)
    tops = tops_of(chosen)
    found = Community.objects.filter(unit__among=[one.pk for one in chosen]).select_related("unit")
    return Realm(unit or (tops[0] if len(tops) == 1 else None), tops, chosen, list(found.order_by("name", "pk")))


def board_of(realm: Realm, period: Period, *, level: Level | None = None) -> Board:
    """The board of this realm: counted for every line at once, however many there are.

    Without a level, or with one there is not, the lines are what hangs right below.
    """
    levels = _levels(realm)
    level = level if level in levels else levels[0]
    places = [_whole(realm), *_places(realm, level)]
    whole, *lines = _lines(realm, places, period)
    return Board(realm.unit, level, levels, period, whole, lines, _beside(whole, lines))


def _levels(realm: Realm) -> tuple[Level, ...]:
    """The levels that differ from each other."""
    below = _next_units(realm)
    lowest = _lowest(realm)
    found = [Level.NEXT]
    if {unit.pk for unit in lowest} != {unit.pk for unit in below} and lowest:
        found.append(Level.LOWEST)
    if below and realm.communities:
        found.append(Level.COMMUNITIES)
    return tuple(found)


def _next_units(realm: Realm) -> list[Unit]:
    if realm.unit is None:
        return realm.tops
    return sorted((one for one in realm.units if one.parent_id == realm.unit.pk), key=lambda one: one.name)


def _lowest(realm: Realm) -> list[Unit]:
    parents = {one.parent_id for one in realm.units}
    lowest = [one for one in realm.units if one.pk not in parents and one != realm.unit]
    return sorted(lowest, key=lambda one: one.name)


def _whole(realm: Realm) -> _Place:
    units = tuple(one.pk for one in realm.units)
    return _Place(realm.unit.name if realm.unit else "", realm.unit, None, tuple(realm.communities), units)


def _places(realm: Realm, level: Level) -> list[_Place]:
    if level is Level.COMMUNITIES:
        return [_of_community(one) for one in realm.communities]
    units = _lowest(realm) if level is Level.LOWEST else _next_units(realm)
    direct = [one for one in realm.communities if level is Level.NEXT and one.unit == realm.unit]
    return [*(_of_unit(unit, realm) for unit in units), *map(_of_community, direct)]


def _of_unit(unit: Unit, realm: Realm) -> _Place:
    here = tuple(one for one in realm.communities if one.unit.path.startswith(unit.path))
    return _Place(unit.name, unit, None, here, tuple(one.pk for one in realm.units if one.path.startswith(unit.path)))


def _of_community(community: Community) -> _Place:
    return _Place(community.name, None, community, (community,), ())


def _lines(realm: Realm, places: Sequence[_Place], period: Period) -> list[Line]:
    asked = {number: [one.pk for one in place.communities] for number, place in enumerate(places)}
    known = [one.pk for one in realm.communities]
    with one_snapshot():
        now, before = headlines(asked, period), headlines(asked, period.previous)
    works = executions(realm.communities, [one.pk for one in realm.units], period, period.previous)
    goals = attainments(known, period), attainments(known, period.previous)
    limits = limits_of([*realm.units, *(one.unit for one in realm.communities)])
    return [
        _line(
            place,
            _stand(place, now.get(number), works[0], goals[0]),
            _stand(place, before.get(number), works[1], goals[1]),
            limits,
        )
        for number, place in enumerate(places)
    ]


def _line(place: _Place, now: Stand, before: Stand, limits: Mapping[int, Limit]) -> Line:
    unit = place.unit or (place.community.unit if place.community else None)
    currencies = {one.currency for one in place.communities}
    return Line(
        name=place.name,
        unit=place.unit,
        community=place.community,
        now=now,
        before=before,
        limit=limits[unit.pk] if unit else Limit(),
        currency=currencies.pop() if len(currencies) == 1 else None,
        simulated=any(one.simulated for one in place.communities),
    )


def _stand(
    place: _Place, headline: Headline | None, works: Mapping[Place, Execution], goals: Mapping[int, Attainment]
) -> Stand:
    stood: Iterable[Place] = [
        *(("community", one.pk) for one in place.communities),
        *(("unit", pk) for pk in place.units),
    ]
    return Stand(
        headline=headline,
        execution=sum((works[one] for one in stood if one in works), Execution()),
        goals=sum((goals[one.pk] for one in place.communities if one.pk in goals), Attainment()),
    )


def _beside(whole: Line, lines: Sequence[Line]) -> Execution:
    """The work that stands in no line: no line covers another."""
    return whole.now.execution - sum((line.now.execution for line in lines), Execution())
