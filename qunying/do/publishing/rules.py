"""Who may publish and who may type figures in, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community


def may_publish(staff: Holder, community: Community) -> bool:
    """Whether this person may publish what is approved here, call it off, and try it again."""
    return may(staff, Permission.SEND, community.unit)


def may_note(staff: Holder, community: Community) -> bool:
    """Whether this person may type in figures of publications here, and say which pieces elsewhere belong to them."""
    return may(staff, Permission.WRITE_CONTENT, community.unit) or may(staff, Permission.SEND, community.unit)
