"""Chores: publications of which nothing is open any more are done, and what is to be pinned is pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from qunying.do.publishing.approval import ORIGIN
from qunying.do.publishing.models import Publication
from qunying.do.publishing.queries import deliveries_of
from qunying.do.publishing.wording import words_of
from qunying.do.reach.models import Delivery
from qunying.do.reach.services_planning import Origin, Wanted, plan_deliveries
from qunying.ground.platforms.port import Action

if TYPE_CHECKING:
    from django.db.models import QuerySet

_AT_ONCE = 200


def end_publications() -> int:
    """Plan the pinning of what has arrived, and close what is over; how many were closed."""
    closed = 0
    due = Publication.objects.filter(state=Publication.State.GOING, due_at__lte=timezone.now())
    for publication in due.order_by("due_at", "pk")[:_AT_ONCE]:
        closed += _look_after(publication.pk)
    return closed


@transaction.atomic
def _look_after(pk: int) -> bool:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("version", "community")
    publication = rows.filter(pk=pk, state=Publication.State.GOING).first()
    if publication is None:
        return False
    if publication.pinned:
        _pin(publication)
    everything = Delivery.objects.filter(origin=ORIGIN, origin_id=str(pk))
    if everything.exclude(state__in=Delivery.ENDED).exists():
        return False
    publication.state, publication.ended_at = Publication.State.DONE, timezone.now()
    publication.save(update_fields=["state", "ended_at"])
    return True


def _pin(publication: Publication) -> None:
    """Plan the pinning of every message that has arrived; one planned already stays as it is."""
    now = timezone.now()
    wanted = [_pinning(one, publication) for one in _arrived(publication)]
    if wanted:
        plan_deliveries(wanted, community=publication.community, origin=Origin(ORIGIN, str(publication.pk)), at=now)


def _arrived(publication: Publication) -> QuerySet[Delivery]:
    return deliveries_of(publication).filter(state=Delivery.State.SENT)


def _pinning(sent: Delivery, publication: Publication) -> Wanted:
    return Wanted(
        key=f"{publication.pk}:{sent.group_id}:pin",
        action=Action.PIN,
        due_at=sent.ended_at or timezone.now(),
        group=sent.group,
        subject=sent.external_id.partition(" ")[0],
        words=words_of(publication.version),
        content_hash=publication.digest,
    )
