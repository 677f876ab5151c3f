"""Journeys, versions and travellers as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from qunying.do.journeys.models import Journey, Passage, Traveller, Version
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder


def journeys_for(staff: Holder, permission: Permission = Permission.SEE_PLAN) -> QuerySet[Journey]:
    """The journeys of communities in whose unit this person holds the permission."""
    found = Journey.objects.filter(community__unit__in=units_for(staff, permission))
    return found.select_related("community__unit", "author")


def get_journey_for(staff: Holder, pk: int, permission: Permission = Permission.SEE_PLAN) -> Journey:
    """The journey of this number; raises NotFoundError where there is none or it is not this person's."""
    found = journeys_for(staff, permission).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such journey that you may open."))
    return found


def with_tallies(journeys: QuerySet[Journey]) -> QuerySet[Journey]:
    """Journeys with `began`, `under_way` and `reached`: numbers of travellers."""
    states = Traveller.State
    return journeys.annotate(
        began=Count("travellers"),
        under_way=Count("travellers", filter=Q(travellers__state=states.UNDER_WAY)),
        reached=Count("travellers", filter=Q(travellers__state=states.REACHED_GOAL)),
    )


def draft_of(journey: Journey) -> Version | None:
    """The version that is being written, where there is one."""
    return journey.versions.filter(state=Version.State.DRAFT).select_related("author").first()


def released_of(journey: Journey) -> Version | None:
    """The version that runs, where there is one."""
    return journey.versions.filter(state=Version.State.RELEASED).select_related("author", "released_by").first()


def waiting_for(staff: Holder) -> QuerySet[Version]:
    """Drafts that were handed in where this person releases, and that somebody else wrote; the oldest first."""
    units = units_for(staff, Permission.REVIEW_SECOND)
    found = Version.objects.filter(
        state=Version.State.DRAFT, handed_in_at__isnull=False, journey__community__unit__in=units
    )
    return found.exclude(author=staff.pk).select_related("journey__community", "author").order_by("handed_in_at")


def travellers_of(journey: Journey) -> QuerySet[Traveller]:
    """Who began the journey, the latest first."""
    return journey.travellers.select_related("member", "identity", "version", "group")


def travels_of(member: int, staff: Holder) -> QuerySet[Traveller]:
    """The journeys of one member (id) that this person may see, the latest first."""
    found = Traveller.objects.filter(member=member, journey__in=journeys_for(staff, Permission.SEE_MEMBERS))
    return found.select_related("journey__community", "version", "group")


def get_traveller_for(staff: Holder, pk: int, permission: Permission = Permission.SEE_MEMBERS) -> Traveller:
    """The traveller of this number; raises NotFoundError where there is none or they are not this person's."""
    found = Traveller.objects.filter(pk=pk, journey__in=journeys_for(staff, permission))
    one = found.select_related("journey__community__unit", "version", "member", "identity", "group").first()
    if one is None:
        raise NotFoundError(_("There is nobody on a journey here whom you may see."))
    return one


def path_of(traveller: Traveller) -> QuerySet[Passage]:
    """Every step a traveller has met or is to meet next, in the order of their making."""
    return traveller.passages.order_by("pk")
