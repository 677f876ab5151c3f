"""Who may say how strict supervision is, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder
    from qunying.ground.units.models import Unit


def may_set_tolerance(staff: Holder, unit: Unit) -> bool:
    """Whether this person may set the tolerance of the unit: nobody sets the yardstick they are held against.

    They may change units in the unit above; of a topmost unit, in itself.
    """
    return may(staff, Permission.EDIT_UNITS, unit.parent or unit)


def check_may_set_tolerance(staff: Holder, unit: Unit) -> None:
    """Raise NotAllowedError, saying whom to ask, where they may not."""
    if not may_set_tolerance(staff, unit):
        raise NotAllowedError(
            _("How much deviation a unit is allowed is said by who directs the unit above. Ask them.")
        )
