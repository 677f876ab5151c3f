"""Sendings, deliveries and tasks as one person may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.do.reach.guards import held_counts, judge
from qunying.do.reach.models import Delivery, HandTask, Sending
from qunying.do.reach.port import guards
from qunying.do.reach.services_planning import Origin, draft_deliveries
from qunying.do.reach.targets import ORIGIN, wanted_of
from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.platforms.port import Way
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community

State = Delivery.State


def sendings_for(staff: Holder, permission: Permission = Permission.SEE_PLAN) -> QuerySet[Sending]:
    """The sendings of communities in whose unit this person holds the permission."""
    found = Sending.objects.filter(community__unit__in=units_for(staff, permission))
    return found.select_related("community__unit", "segment", "author", "released_by")


def get_sending_for(staff: Holder, pk: int, permission: Permission = Permission.SEE_PLAN) -> Sending:
    """The sending of this number; raises NotFoundError where there is none or it is not this person's."""
    found = sendings_for(staff, permission).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such sending that you may open."))
    return found


def with_tallies(sendings: QuerySet[Sending]) -> QuerySet[Sending]:
    """Sendings with `all_of_it`, `arrived` and `asking` (unknown, or waiting for a person): numbers of deliveries."""
    asking = (State.UNKNOWN, State.AWAITING, State.HAND)
    return sendings.annotate(
        all_of_it=Count("deliveries", filter=~Q(deliveries__state=State.CANCELLED)),
        arrived=Count("deliveries", filter=Q(deliveries__state=State.SENT)),
        asking=Count("deliveries", filter=Q(deliveries__state__in=asking)),
    )


def deliveries_for(staff: Holder, permission: Permission = Permission.SEND) -> QuerySet[Delivery]:
    """The deliveries of communities in whose unit this person holds the permission."""
    found = Delivery.objects.filter(community__unit__in=units_for(staff, permission))
    return found.select_related("community__unit", "group", "identity__member", "sending")


def get_delivery_for(staff: Holder, pk: int) -> Delivery:
    """The delivery of this number; raises NotFoundError where there is none or it is not this person's."""
    found = deliveries_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such delivery that you may open."))
    return found


def deliveries_of(sending: Sending) -> QuerySet[Delivery]:
    """What the sending is made of, in the order of its making."""
    parts = ("group", "identity__member", "account", "task__owner")
    return sending.deliveries.select_related(*parts).order_by("pk")


def tally(sending: Sending) -> dict[str, int]:
    """How many deliveries stand where, by state. One query."""
    rows = sending.deliveries.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def tasks_for(staff: Holder) -> QuerySet[HandTask]:
    """What is to be sent by hand in the units where this person sends: theirs and everybody's, the earliest first."""
    units = units_for(staff, Permission.SEND)
    found = HandTask.objects.filter(end="", delivery__community__unit__in=units)
    open_now = found.filter(delivery__state__in=(State.HAND, State.AWAITING))
    parts = ("delivery__community__unit", "delivery__group", "delivery__identity__member", "delivery__sending", "owner")
    return open_now.select_related(*parts).order_by("due_at", "pk")


def get_task_for(staff: Holder, pk: int) -> HandTask:
    """The open task of this delivery; raises NotFoundError where there is none or it is not this person's."""
    found = tasks_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such task any more, or not for you."))
    return found


def senders_in(community: Community) -> QuerySet[Staff]:
    """Active people with a role at or above the community's unit, by name; `rules.may_carry` says who may send."""
    above = [int(part) for part in community.unit.path.split("/") if part]
    granted = Grant.objects.filter(unit__in=above).values("staff")
    return Staff.objects.filter(pk__in=granted, is_active=True).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would get a sending as of now: how many by which way, and how many are held back for which reason."""

    total: int
    by_itself: int
    by_hand: int
    held: list[tuple[str, str, int]]
    waits: str
    rows: list[tuple[Delivery, str]]
    """The first deliveries, each with what a guard has against it."""

    @property
    def held_back(self) -> int:
        """How many get nothing."""
        return sum(count for _guard, _words, count in self.held)


def preview_of(sending: Sending, *, most: int = 20) -> Preview:
    """Who would get it now, asked of every guard but the one for released content. Stores nothing."""
    now = timezone.now()
    drafted = draft_deliveries(
        wanted_of(sending, now), community=sending.community, origin=Origin(ORIGIN, str(sending.pk), sending)
    )
    verdicts = judge(drafted, now, only=[guard for guard in guards() if guard.name != "approval"])
    free = [one for one, verdict in zip(drafted, verdicts, strict=True) if verdict is None or verdict.until]
    waits = next((verdict.words for verdict in verdicts if verdict is not None and verdict.until), "")
    by_itself = sum(one.way in {Way.OFFICIAL, Way.CONFIRM} for one in free)
    shown = [(one, verdict.words if verdict else "") for one, verdict in zip(drafted, verdicts, strict=True)]
    return Preview(len(drafted), by_itself, len(free) - by_itself, held_counts(verdicts), waits, shown[:most])
