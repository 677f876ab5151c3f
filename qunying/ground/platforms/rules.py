"""Who may do what with accounts on platforms, as sentences."""

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
    from qunying.ground.units.models import Unit


def may_connect(staff: Holder, unit: Unit) -> bool:
    """Whether this person may connect, change and remove accounts that the unit answers for."""
    return may(staff, Permission.CONNECT, unit)


def check_may_connect(by: Actor, unit: Unit) -> None:
    """Raise NotAllowedError unless `may_connect`; the system itself may."""
    if isinstance(by, Staff | ApiKey) and not may_connect(by, unit):
        raise NotAllowedError(
            _("Your roles do not include connecting accounts of “%(unit)s”. Ask its lead.") % {"unit": unit.name}
        )
