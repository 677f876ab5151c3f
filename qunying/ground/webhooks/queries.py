"""Endpoints as one person may see them, and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.webhooks.models import Delivery, Endpoint
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder

State = Delivery.State


def endpoints_for(staff: Holder) -> QuerySet[Endpoint]:
    """The endpoints of the units whose keys this person looks after."""
    return Endpoint.objects.filter(unit__in=units_for(staff, Permission.EDIT_KEYS)).select_related("unit", "owner")


def with_tallies(endpoints: QuerySet[Endpoint]) -> QuerySet[Endpoint]:
    """Endpoints with `waiting` and `failed`: how many of their deliveries stand so."""
    return endpoints.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=State.WAITING)),
        failed=Count("deliveries", filter=Q(deliveries__state=State.FAILED)),
    ).order_by("name", "pk")


def get_endpoint_for(staff: Holder, pk: int) -> Endpoint:
    """The endpoint of this number; raises NotFoundError where there is none or it is not this person's."""
    found = endpoints_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such webhook that you may open."))
    return found


def deliveries_of(endpoint: Endpoint, state: str = "") -> QuerySet[Delivery]:
    """What was sent to an endpoint, the newest first; with `state`, what stands so."""
    found = Delivery.objects.filter(endpoint=endpoint).select_related("event").order_by("-pk")
    return found.filter(state=state) if state in State.values else found


def get_delivery(endpoint: Endpoint, pk: int) -> Delivery:
    """The delivery of this number to this endpoint; raises NotFoundError."""
    found = deliveries_of(endpoint).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such delivery of this webhook."))
    return found


def due_endpoints() -> list[int]:
    """Ids of the endpoints with something due that nobody is sending to just now."""
    now = timezone.now()
    due = Delivery.objects.filter(state=State.WAITING, due_at__lte=now, endpoint__off_at__isnull=True)
    free = due.filter(Q(endpoint__claimed_until__isnull=True) | Q(endpoint__claimed_until__lt=now))
    return sorted(set(free.values_list("endpoint_id", flat=True)))
