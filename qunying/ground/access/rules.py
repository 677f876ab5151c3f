"""Who may do what, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.queries import units_for

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.access.roles import Permission
    from qunying.ground.units.models import Unit


def may(staff: Staff, permission: Permission, unit: Unit) -> bool:
    """Whether this person holds the permission in this unit."""
    return units_for(staff, permission).filter(pk=unit.pk).exists()


def may_anywhere(staff: Staff, permission: Permission) -> bool:
    """Whether this person holds the permission in any unit at all."""
    return units_for(staff, permission).exists()
