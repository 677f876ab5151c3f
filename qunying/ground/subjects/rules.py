"""Who may handle what people ask about their data, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Membership
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder
    from qunying.ground.members.models import Member


def may_decide(staff: Holder, member: Member) -> bool:
    """Whether this colleague may freeze, correct or erase the person: in every community they are or were in."""
    theirs = Membership.objects.filter(identity__member=member)
    inside = units_for(staff, Permission.PRIVACY)
    return theirs.exists() and not theirs.exclude(community__unit__in=inside).exists()


def check_may_decide(staff: Holder, member: Member) -> None:
    """Raise NotAllowedError unless `may_decide`."""
    if not may_decide(staff, member):
        raise NotAllowedError(
            _("This person is also in communities outside your units. Hand the request to the unit above.")
        )
