"""Sendings, deliveries and tasks as one person may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.do.reach.guards import held_counts, judge
from qunying.do.reach.models import Absence, Delivery, HandTask, Sending
from qunying.do.reach.port import guards
from qunying.do.reach.services_planning import Origin, draft_deliveries
from qunying.do.reach.targets import ORIGIN, wanted_of
from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.queries import roles_now, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.platforms.port import Way
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit

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


def open_tasks() -> QuerySet[HandTask]:
    """Everything that is to be sent by hand now, the earliest first, with all that a page or a mail says of it."""
    found = HandTask.objects.filter(end="", delivery__state__in=(State.HAND, State.AWAITING))
    one = ("community__unit", "group", "identity__member", "sending")
    parts = ("owner", "stands_in_for", *(f"delivery__{part}" for part in one))
    return found.select_related(*parts).order_by("due_at", "pk")


def tasks_for(staff: Holder) -> QuerySet[HandTask]:
    """What is to be sent by hand in the units where this person sends: theirs and everybody's, the earliest first."""
    return open_tasks().filter(delivery__community__unit__in=units_for(staff, Permission.SEND))


def tasks_done(staff: Staff, *, since: datetime) -> list[int]:
    """Who did what was to be sent by hand since this moment, where this person sends: a staff id for each."""
    done = HandTask.objects.filter(end=HandTask.End.DONE, ended_at__gte=since, ended_by__isnull=False)
    here = done.filter(delivery__community__unit__in=units_for(staff, Permission.SEND))
    return list(here.order_by().values_list("ended_by", flat=True))


def absences_at(moment: datetime) -> QuerySet[Absence]:
    """Who is away at this moment, with their deputies."""
    found = Absence.objects.filter(ended_at=None, begins_at__lte=moment, ends_at__gt=moment)
    return found.select_related("staff", "deputy")


def absences_of(staff: Staff) -> QuerySet[Absence]:
    """When this person is away now and later, with their deputies, the next first."""
    return Absence.objects.filter(staff=staff, ended_at=None, ends_at__gt=timezone.now()).select_related("deputy")


def deputies_for(staff: Staff) -> list[Staff]:
    """Who may stand in for this person: active people who may send everywhere where they may, by name."""
    wanted = list(units_for(staff, Permission.SEND).values_list("path", flat=True))
    senders = _senders() if wanted else {}
    return [
        one
        for one, units in senders.items()
        if one.pk != staff.pk and all(path.startswith(tuple(unit.path for unit in units)) for path in wanted)
    ]


def senders_beside(staff: Staff) -> list[Staff]:
    """Active people who may send in any unit in which this person may, by name; this person among them."""
    here = units_for(staff, Permission.SEND).values_list("path", flat=True)
    above = {int(part) for path in here for part in path.split("/") if part}
    return [one for one, units in _senders().items() if any(unit.pk in above for unit in units)]


def _senders() -> dict[Staff, list[Unit]]:
    """Active people whose roles hold sending, by name, with the units of these roles. Three queries."""
    roles = [name for name, role in roles_now().items() if Permission.SEND in role.permissions]
    grants = Grant.objects.filter(role__in=roles, staff__is_active=True).select_related("staff", "unit")
    found: dict[Staff, list[Unit]] = {}
    for grant in grants.order_by("staff__name", "staff__pk"):
        found.setdefault(grant.staff, []).append(grant.unit)
    return found


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
    waits = next((str(verdict.words) for verdict in verdicts if verdict is not None and verdict.until), "")
    by_itself = sum(one.way in {Way.OFFICIAL, Way.CONFIRM} for one in free)
    shown = [(one, str(verdict.words) if verdict else "") for one, verdict in zip(drafted, verdicts, strict=True)]
    return Preview(len(drafted), by_itself, len(free) - by_itself, held_counts(verdicts), waits, shown[:most])
