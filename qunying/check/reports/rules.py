"""Who may do what with schedules of reports, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community


def may_schedule(staff: Staff, community: Community) -> bool:
    """Whether this person may have reports of the community made and sent: they leave the house as files."""
    return may(staff, Permission.EXPORT, community.unit)
