"""How members begin a journey: each trigger once, one journey at a time, again only where it says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from qunying.do.journeys.facts import tell_began
from qunying.do.journeys.ledger import Next, insert_passages
from qunying.do.journeys.models import Traveller
from qunying.do.journeys.wayfinding import due_of, way_through
from qunying.ground.groups.models import Membership
from qunying.kit.bulk import insert_rows, time_writer

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from qunying.do.journeys.models import Journey, Version
    from qunying.ground.groups.models import Community

_COLUMNS = {
    "journey_id": "bigint",
    "version_id": "bigint",
    "member_id": "bigint",
    "identity_id": "bigint",
    "group_id": "bigint",
    "began_at": "timestamptz",
    "state": "text",
    "why": "text",
    "trigger_key": "text",
}


class Start(NamedTuple):
    """Somebody (ids) who is to begin, and what set it off."""

    member: int
    identity: int
    group: int | None
    trigger_key: str


def places_of(community: Community, members: Collection[int]) -> dict[int, tuple[int, int | None]]:
    """For those of the members (ids) who are in the community: the identity they are reached on, and its group.

    One in a group with a connected account goes before others; else the oldest. Staff and bots are nobody's guests.
    """
    stays = Membership.objects.filter(
        community=community,
        left_at__isnull=True,
        identity__member__among=list(members),
        identity__member__is_staff=False,
        identity__member__is_bot=False,
    )
    chosen: dict[int, tuple[bool, int, int | None]] = {}
    rows = stays.values_list("identity__member", "identity", "group", "group__account").order_by("group", "pk")
    for member, identity, group, account in rows:
        place = (account is None, identity, group)
        if member not in chosen or place[:2] < chosen[member][:2]:
            chosen[member] = place
    return {member: (identity, group) for member, (_by_hand, identity, group) in chosen.items()}


def begin(version: Version, starts: Sequence[Start], *, now: datetime) -> list[Traveller]:
    """Have these begin the version, each with the first step before them; those who did. Inside a transaction.

    Who is under way on the journey, began it by the same trigger, or may not go it again yet, does not begin.
    """
    wanted = _free(version, starts, now=now)
    writer, way = time_writer(connection), way_through(version)
    rows = [
        (version.journey_id, version.pk, one.member, one.identity, one.group, writer(now), *_BEGUN, one.trigger_key)
        for one in wanted
    ]
    table = Traveller._meta.db_table  # noqa: SLF001 - Django's own name
    ids = [pk for (pk,) in insert_rows(connection, table, _COLUMNS, rows, returning=("id",))]
    fresh = Traveller.objects.filter(pk__among=ids)
    begun = list(fresh.select_related("identity", "journey__community").order_by("pk"))
    if way.first is not None and begun:
        step, zone = way.steps[way.first], ZoneInfo(version.journey.community.timezone)
        due = due_of(step, now, zone)
        insert_passages([Next(one.pk, step, 1, due) for one in begun])
    tell_began(begun, at=now)
    return begun


_BEGUN = (Traveller.State.UNDER_WAY.value, "")


def _free(version: Version, starts: Sequence[Start], *, now: datetime) -> list[Start]:
    """Those who may begin, each member once; the journey is locked, so that nobody else begins them meanwhile."""
    journey = _lock(version)
    members = sorted({one.member for one in starts})
    before = Traveller.objects.filter(journey=journey, member__among=members)
    taken = set(before.values_list("member", "trigger_key"))
    barred = _barred(version, journey, members, now=now)
    found: dict[int, Start] = {}
    for one in starts:
        if one.member not in barred and (one.member, one.trigger_key) not in taken:
            found.setdefault(one.member, one)
    return list(found.values())


def _lock(version: Version) -> Journey:
    return type(version.journey).objects.select_for_update(of=("self",)).get(pk=version.journey_id)


def _barred(version: Version, journey: Journey, members: list[int], *, now: datetime) -> set[int]:
    """Who is under way, or began too short a time ago to go again."""
    again = way_through(version).definition.again
    before = Traveller.objects.filter(journey=journey, member__among=members)
    barred = before.filter(state=Traveller.State.UNDER_WAY) if again else before
    found = set(barred.values_list("member", flat=True))
    if again:
        recent = before.filter(began_at__gt=now - timedelta(days=again))
        found |= set(recent.values_list("member", flat=True))
    return found
