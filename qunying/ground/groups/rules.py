"""Who may do what with a member, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import communities_for
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.access.roles import Permission
    from qunying.ground.members.models import Member


def may_with_member(staff: Staff, permission: Permission, member: Member) -> bool:
    """Whether this person holds the permission in the unit of a community the member is or was in."""
    return Membership.objects.filter(
        identity__member=member, community__in=communities_for(staff, permission)
    ).exists()


def check_may_with_member(staff: Staff, permission: Permission, member: Member) -> None:
    """Raise NotAllowedError unless `may_with_member`."""
    if not may_with_member(staff, permission, member):
        raise NotAllowedError(_("Your role does not allow this. Ask the lead of the unit."))
