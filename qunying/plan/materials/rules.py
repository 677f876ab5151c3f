"""Who may do what with materials and scripts, as sentences."""

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


def may_keep(staff: Holder, unit: Unit) -> bool:
    """Whether this person may put in, change and put away what belongs to the unit (and its communities)."""
    return may(staff, Permission.WRITE_CONTENT, unit)


def check_may_keep(by: Actor, unit: Unit) -> None:
    """Raise NotAllowedError unless `may_keep`; the system itself may."""
    if isinstance(by, Staff | ApiKey) and not may_keep(by, unit):
        sentence = _("This belongs to the unit “%(unit)s”; your role may not change it there.")
        raise NotAllowedError(sentence % {"unit": unit.name})
