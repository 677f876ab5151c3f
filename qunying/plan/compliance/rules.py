"""Who may do what with word lists, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may, may_everywhere

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder
    from qunying.ground.units.models import Unit


def may_keep_lists(staff: Holder, unit: Unit | None) -> bool:
    """Whether this person may change the lists of a unit; those of nobody's unit are everyone's, and ask for all."""
    if unit is None:
        return may_everywhere(staff, Permission.EDIT_RULES)
    return may(staff, Permission.EDIT_RULES, unit)
