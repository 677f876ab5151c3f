"""Who may do what with webhooks, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder
    from qunying.ground.units.models import Unit

_NEEDED = frozenset({Permission.EDIT_KEYS, Permission.SEE_MEMBERS})


def may_listen(staff: Holder, unit: Unit) -> bool:
    """Whether this person may have facts of the unit sent out: they look after its keys and see its members."""
    return permissions_in(staff, unit) >= _NEEDED


def may_still_hear(staff: Holder, unit: Unit) -> bool:
    """Whether facts of the unit may still go out in this person's name."""
    return Permission.SEE_MEMBERS in permissions_in(staff, unit)
