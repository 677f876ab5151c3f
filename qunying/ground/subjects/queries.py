"""Requests as one colleague may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from qunying.ground.access.roles import Permission
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import communities_for
from qunying.ground.subjects.models import Correction, SubjectRequest
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.members.models import Member


def requests_for(staff: Holder) -> QuerySet[SubjectRequest]:
    """The requests of people who are or were in a community in whose unit this colleague handles them."""
    visible = communities_for(staff, Permission.PRIVACY).values("pk")
    inside = Membership.objects.filter(identity__member=OuterRef("member"), community__in=visible)
    return SubjectRequest.objects.filter(Exists(inside)).select_related("member", "job")


def get_request_for(staff: Holder, pk: int) -> SubjectRequest:
    """The request of this number; raises NotFoundError where it is not this colleague's."""
    found = requests_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such request that you may open."))
    return found


def requests_of(member: Member) -> QuerySet[SubjectRequest]:
    """What this person asked, the newest first."""
    return SubjectRequest.objects.filter(member=member)


def overdue(requests: QuerySet[SubjectRequest], today: date) -> QuerySet[SubjectRequest]:
    """Those still open after the day on which the law wanted an answer."""
    return requests.filter(state=SubjectRequest.State.OPEN, due__lt=today)


def corrections_of(member: Member) -> QuerySet[Correction]:
    """What was put right about this person, the newest first."""
    return Correction.objects.filter(member=member)
