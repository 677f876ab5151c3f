"""Who may do what with sendings, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.access.models import ApiKey
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Holder, Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit


def answering(holder: Holder) -> Staff:
    """The person who answers for what this person or key does: what a key writes, its owner has written."""
    return holder.owner if isinstance(holder, ApiKey) else holder


def may_send(staff: Holder, community: Community) -> bool:
    """Whether this person may write sendings here, hand them in, call them off, and do what is done by hand."""
    return may(staff, Permission.SEND, community.unit)


def may_release(staff: Holder, sending: Sending) -> bool:
    """Whether this person may let it go: who gives second reviews here, and did not write it, by no key either."""
    return may(staff, Permission.REVIEW_SECOND, sending.community.unit) and sending.author_id != answering(staff).pk


def may_carry(person: Staff, community: Community) -> bool:
    """Whether something to be sent by hand may be given to this person: they are active and may send here."""
    return person.is_active and may_send(person, community)


def beyond_deputy(deputy: Staff, staff: Staff) -> QuerySet[Unit]:
    """The units in which `staff` may send and `deputy` may not: with any of these, the deputy cannot stand in."""
    theirs = units_for(deputy, Permission.SEND).values("pk")
    return units_for(staff, Permission.SEND).exclude(pk__in=theirs).order_by("path")


def may_measure(staff: Holder, unit: Unit) -> bool:
    """Whether this person may say how much may be sent in the unit, and when nothing leaves."""
    return may(staff, Permission.EDIT_RULES, unit)
