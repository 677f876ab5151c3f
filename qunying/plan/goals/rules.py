"""Who may do what with goals, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community


def may_plan(staff: Staff, community: Community) -> bool:
    """Whether this person may set, revise and give up goals of the community, and enter values."""
    return may(staff, Permission.EDIT_PLAN, community.unit)


def may_own(person: Staff, community: Community) -> bool:
    """Whether a goal of the community may be this person's: they are active and see its plans."""
    return may(person, Permission.SEE_PLAN, community.unit)
