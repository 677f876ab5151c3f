"""What single members did: their timeline, and sums of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDate

from qunying.ground.events.kinds import ORDERED, REFUNDED, SPOKE, Grade, kinds_of_grade
from qunying.ground.events.models import Event
from qunying.kit.plans import only_among

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member


@dataclass(frozen=True, slots=True)
class Doings:
    """When a member was last seen in a community (UTC), and how many messages they sent there."""

    last_at: datetime | None = None
    messages: int = 0


@dataclass(slots=True)
class Sums:
    """One member over several communities.

    First and last act of one's own (UTC), messages, local days with an act of one's own, orders, and
    spending less refunds in minor units by currency.
    """

    first_at: datetime | None = None
    last_at: datetime | None = None
    messages: int = 0
    active_days: int = 0
    orders: int = 0
    spent: dict[str, int] = field(default_factory=dict)


def doings_by_member(members: Iterable[int], community: Community) -> dict[int, Doings]:
    """What these members (ids) did in the community; those who did nothing are missing. One query."""
    return doings_in(members, [community.pk])


def doings_in(members: Iterable[int], communities: Iterable[int]) -> dict[int, Doings]:
    """The same over several communities (ids). One query."""
    rows = (
        Event.objects.filter(
            only_among("community_id", communities),
            identity__member__in=list(members),
            kind__in=kinds_of_grade(Grade.SEEN),
        )
        .values_list("identity__member_id")
        .annotate(last=Max("occurred_at"), said=Count("pk", filter=Q(kind=SPOKE.name)))
    )
    return {member: Doings(last, said) for member, last, said in rows}


def timeline_of(member: Member, communities: Iterable[Community]) -> QuerySet[Event]:
    """Facts in which the person acted in these communities, latest first, with their words."""
    inside = [community.pk for community in communities]
    return (
        Event.objects.filter(only_among("community_id", inside), identity__member=member)
        .select_related("community", "group", "message", "identity", "target_identity")
        .order_by("-occurred_at", "-pk")
    )


def before(timeline: QuerySet[Event], occurred_at: datetime, pk: int) -> QuerySet[Event]:
    """The part of a timeline that comes after this place, which is the (occurred_at, id) of a fact."""
    return timeline.filter(Q(occurred_at__lt=occurred_at) | Q(occurred_at=occurred_at, pk__lt=pk))


def sums_of(member: Member, communities: Iterable[Community]) -> Sums:
    """The person's doings in these communities, added up."""
    found = list(communities)
    acts = Event.objects.filter(
        only_among("community_id", [row.pk for row in found]),
        identity__member=member,
        kind__in=kinds_of_grade(Grade.SEEN),
    )
    sums = Sums(**acts.aggregate(first_at=Min("occurred_at"), last_at=Max("occurred_at")))
    sums.messages = acts.filter(kind=SPOKE.name).count()
    sums.active_days = sum(_days(acts, zone) for zone in _by_zone(found).items())
    _add_money(sums, acts)
    return sums


def _by_zone(communities: list[Community]) -> dict[str, list[int]]:
    zones: dict[str, list[int]] = {}
    for community in communities:
        zones.setdefault(community.timezone, []).append(community.pk)
    return zones


def _days(acts: QuerySet[Event], zone: tuple[str, list[int]]) -> int:
    name, inside = zone
    local = TruncDate("occurred_at", tzinfo=ZoneInfo(name))
    return acts.filter(only_among("community_id", inside)).annotate(day=local).values("day").distinct().count()


def _add_money(sums: Sums, acts: QuerySet[Event]) -> None:
    paid = acts.filter(kind=ORDERED.name)
    named = paid.exclude(object_id="").values("community", "object_id").distinct().count()
    sums.orders = named + paid.filter(object_id="").count()
    rows = (
        acts.filter(kind__in=(ORDERED.name, REFUNDED.name))
        .values_list("community__currency", "kind")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    for currency, kind, total in rows:
        signed = total if kind == ORDERED.name else -abs(total)
        sums.spent[currency] = sums.spent.get(currency, 0) + signed
