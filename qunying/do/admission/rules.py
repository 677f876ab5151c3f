"""Who may answer people who ask to be let in, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community


def may_admit(staff: Holder, community: Community) -> bool:
    """Whether this person may let people into the groups of the community, or turn them away."""
    return may(staff, Permission.EDIT_MEMBERS, community.unit)


def check_may_admit(by: Actor, community: Community) -> None:
    """Raise NotAllowedError unless `may_admit`; the system itself may."""
    if isinstance(by, Staff | ApiKey) and not may_admit(by, community):
        raise NotAllowedError(_("Your role may not let people into groups here. Ask the lead of the unit."))
