"""Which units a person supervises, and how much deviation each is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.check.supervision.models import Tolerance
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.units.models import Unit

USUAL = Decimal("8.0")
"""Per cent of deviation allowed where nobody has said otherwise."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much deviation is allowed, in per cent, and which unit (id) said so; None where it is the usual one."""

    percent: Decimal = USUAL
    unit: int | None = None


def supervised_units(staff: Holder) -> QuerySet[Unit]:
    """The units of which this person sees both figures and plans."""
    return units_for(staff, Permission.SEE_FIGURES).filter(pk__in=units_for(staff, Permission.SEE_PLAN).values("pk"))


def get_supervised_unit(staff: Holder, pk: int) -> Unit:
    """The unit of this number; raises NotFoundError where there is none or it is not this person's to supervise."""
    unit = supervised_units(staff).filter(pk=pk).select_related("parent").first()
    if unit is None:
        raise NotFoundError(_("There is no such unit that you may open."))
    return unit


def tops_of(units: Iterable[Unit]) -> list[Unit]:
    """Those of the units above which none of the others stands, by name."""
    chosen = list(units)
    known = {unit.pk for unit in chosen}
    return sorted((unit for unit in chosen if unit.parent_id not in known), key=lambda unit: unit.name)


def limits_of(units: Iterable[Unit]) -> dict[int, Limit]:
    """Unit (id) → what holds for it: its own tolerance, that of the nearest unit above that has one, or the usual."""
    lines = {unit.pk: _line(unit) for unit in units}
    wanted = sorted({pk for line in lines.values() for pk in line})
    rows = Tolerance.objects.filter(unit__among=wanted).values_list("unit", "percent")
    known = {unit: Limit(percent, unit) for unit, percent in rows}
    return {pk: next((known[one] for one in reversed(line) if one in known), Limit()) for pk, line in lines.items()}


def _line(unit: Unit) -> list[int]:
    return [int(part) for part in unit.path.split("/") if part]
