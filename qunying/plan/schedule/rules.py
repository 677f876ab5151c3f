"""Who may do what with work, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.plan.schedule.queries import unit_of

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit
    from qunying.plan.schedule.models import WorkItem


def may_hand_out(staff: Staff, unit: Unit) -> bool:
    """Whether this person may add work in the unit and hand it to others."""
    return Permission.WORK in permissions_in(staff, unit)


def may_finish(staff: Staff, work: WorkItem) -> bool:
    """Whether this person may tick it off: their own always, the team's with the permission in its unit."""
    return work.owner_id == staff.pk or may_hand_out(staff, unit_of(work))


def may_carry(person: Staff, unit: Unit) -> bool:
    """Whether work of this unit may be handed to this person: they are active and see the unit."""
    return person.is_active and bool(permissions_in(person, unit))
