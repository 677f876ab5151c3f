"""How much may be sent where, and when nothing leaves: each unit's own measure, or that of the nearest one above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.do.reach.models import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit


def measures_of(communities: Iterable[Community]) -> dict[int, Measure]:
    """The measure in force for each community, by its id; that of the house where no unit has one. One query."""
    found = list(communities)
    above = {community.pk: _upwards(community.unit) for community in found}
    wanted = {pk for units in above.values() for pk in units}
    own = Measure.objects.in_bulk(wanted) if wanted else {}
    return {pk: next((own[unit] for unit in units if unit in own), Measure()) for pk, units in above.items()}


def measure_of(unit: Unit) -> Measure:
    """The measure in force in a unit. One query."""
    units = _upwards(unit)
    own = Measure.objects.in_bulk(units)
    return next((own[pk] for pk in units if pk in own), Measure())


@dataclass(frozen=True, slots=True)
class InForce:
    """The measure in force in a unit, and which unit it is from; None: that of the house."""

    unit: Unit
    measure: Measure
    origin: Unit | None

    @property
    def own(self) -> bool:
        """Whether the unit has one of its own."""
        return self.origin is not None and self.origin.pk == self.unit.pk


def in_force(units: Iterable[Unit]) -> list[InForce]:
    """The measure in force in each of these units, and where it comes from. One query."""
    found = list(units)
    wanted = {pk for unit in found for pk in _upwards(unit)}
    own = Measure.objects.filter(pk__among=wanted).select_related("unit").in_bulk()
    return [_in_force(unit, own) for unit in found]


def _in_force(unit: Unit, own: Mapping[int, Measure]) -> InForce:
    measure = next((own[pk] for pk in _upwards(unit) if pk in own), None)
    return InForce(unit, measure or Measure(), measure.unit if measure else None)


def _upwards(unit: Unit) -> list[int]:
    return [int(part) for part in reversed(unit.path.split("/")) if part]
