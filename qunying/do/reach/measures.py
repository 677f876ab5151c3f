"""How much may be sent where, and when nothing leaves: each unit's own measure, or that of the nearest one above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.do.reach.models import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def _upwards(unit: Unit) -> list[int]:
    return [int(part) for part in reversed(unit.path.split("/")) if part]
