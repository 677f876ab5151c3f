"""What the page of one member shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qunying.doors.console.do.journeys.travellers import travels_beside
from qunying.doors.console.ground.communities.stewards import parts_of
from qunying.ground.access.roles import Permission
from qunying.ground.events.doings import before, sums_of, timeline_of
from qunying.ground.events.kinds import kind_named
from qunying.ground.groups.queries import memberships_of
from qunying.ground.groups.rules import permissions_with_member
from qunying.ground.members.models import Identity, Member, TagDimension
from qunying.ground.members.private import PRIVATE_FIELDS
from qunying.ground.members.queries import masked_fields, tags_of
from qunying.ground.members.shipped import ASPECTS
from qunying.ground.merges.queries import standing_merges
from qunying.ground.platforms.names import platform_label
from qunying.kit.formats import money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from qunying.ground.access.models import Staff
    from qunying.ground.events.models import Event
    from qunying.ground.groups.models import Community, Membership
    from qunying.ground.members.models import MemberTag

STEP = 30


@dataclass(frozen=True, slots=True)
class PrivateRow:
    """One private field as the page shows it; `masked` is empty where nothing is kept."""

    name: str
    label: _StrPromise
    masked: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact of the timeline, local to its community, with its words if there are any."""

    event: Event
    at: datetime
    meaning: str
    words: str
    amount: str


def portrait(person: Member, *, staff: Staff) -> dict[str, Any]:
    """Everything of one member that this colleague may see."""
    memberships = list(memberships_of(person, staff=staff))
    communities = list({row.community_id: row.community for row in memberships}.values())
    held = permissions_with_member(staff, person)
    masked = masked_fields([person.pk]).get(person.pk, {})
    return {
        "member": person,
        "heading": str(person),
        "community": communities[0],
        "memberships": [(row, *_local_interval(row)) for row in memberships],
        "present": any(row.left_at is None for row in memberships),
        "identities": [(row, platform_label(row.platform)) for row in _identities(person)],
        "private": [PrivateRow(kind.name, kind.label, masked.get(kind.name, "")) for kind in PRIVATE_FIELDS.values()],
        "aspects": _by_aspect(tags_of([person.pk]).get(person.pk, [])),
        "dimensions": list(TagDimension.objects.filter(archived_at=None).order_by("name")),
        "merges": list(standing_merges(person)),
        "travels": travels_beside(person, staff=staff),
        "zone": ZoneInfo(communities[0].timezone),
        "notes": [(note, _local(note.at, communities[0])) for note in person.notes.select_related("by")],
        "sums": _shown_sums(person, communities),
        "may_edit": Permission.EDIT_MEMBERS in held,
        "may_unmask": Permission.UNMASK in held,
        **parts_of(person, communities, staff=staff),
        **happenings(person, communities=communities, before_place=None),
    }


def happenings(
    person: Member, *, communities: Iterable[Community], before_place: tuple[datetime, int] | None
) -> dict[str, Any]:
    """One step of the timeline in these communities, and the place it goes on from."""
    found = timeline_of(person, communities)
    if before_place is not None:
        found = before(found, *before_place)
    events = list(found[: STEP + 1])
    last = events[STEP - 1] if len(events) > STEP else None
    return {
        "happenings": [_happening(event) for event in events[:STEP]],
        "next_place": f"{last.occurred_at.isoformat()}~{last.pk}" if last else "",
        "first_step": before_place is None,
    }


def _by_aspect(tags: Iterable[MemberTag]) -> list[tuple[_StrPromise, list[MemberTag]]]:
    """The four aspects of a profile, those of which something is known."""
    found: dict[str, list[MemberTag]] = {aspect: [] for aspect in ASPECTS}
    for held in tags:
        found[held.tag.dimension.aspect].append(held)
    return [(label, found[aspect]) for aspect, label in ASPECTS.items() if found[aspect]]


def _identities(person: Member) -> list[Identity]:
    return list(person.identities.order_by("platform", "external_id"))


def _local(at: datetime, community: Community) -> datetime:
    return at.astimezone(ZoneInfo(community.timezone))


def _local_interval(row: Membership) -> tuple[datetime, datetime | None]:
    return _local(row.joined_at, row.community), _local(row.left_at, row.community) if row.left_at else None


def _happening(event: Event) -> Happening:
    message = getattr(event, "message", None)
    return Happening(
        event=event,
        at=_local(event.occurred_at, event.community),
        meaning=str(kind_named(event.kind).meaning).rstrip("。."),
        words=message.text if message else "",
        amount="" if event.amount is None else money(event.amount, event.community.currency),
    )


def _shown_sums(person: Member, communities: list[Community]) -> dict[str, Any]:
    sums = sums_of(person, communities)
    return {
        "first_at": _local(sums.first_at, communities[0]) if sums.first_at else None,
        "last_at": _local(sums.last_at, communities[0]) if sums.last_at else None,
        "messages": sums.messages,
        "active_days": sums.active_days,
        "orders": sums.orders,
        "spent": [money(total, currency) for currency, total in sorted(sums.spent.items())],
    }
