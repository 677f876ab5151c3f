"""Who may say how strict supervision is, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder
    from qunying.ground.units.models import Unit


def may_set_tolerance(staff: Holder, unit: Unit) -> bool:
    """Whether this person may set the tolerance of the unit: nobody sets the yardstick they are held against.

    They may change units in the unit above; of a topmost unit, in itself.
    """
    return may(staff, Permission.EDIT_UNITS, unit.parent or unit)
