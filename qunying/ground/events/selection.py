"""Picking members of a community by what is known of them and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

import qunying.kit.among  # noqa: F401 - registers the lookup used here
from qunying.ground.events.kinds import Grade, kinds_of_grade
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import members_of
from qunying.ground.members.models import Member, MemberTag
from qunying.ground.members.queries import matching
from qunying.kit.plans import only

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qunying.ground.groups.models import Community


class State(StrEnum):
    """Whether a member is still there."""

    PRESENT = "present"
    LEFT = "left"


class Marked(StrEnum):
    """Which marks a member carries."""

    NONE = "none"
    STAFF = "staff"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which members are wanted; what is left empty does not narrow.

    `tags` must all be carried. Group, channel and joining days (local, both included) must hold of one
    and the same membership. `seen_within` and `silent_for` are numbers of days up to now.
    """

    words: str = ""
    tags: tuple[int, ...] = ()
    group: int | None = None
    channel: str = ""
    state: State | None = None
    marked: Marked | None = None
    joined_from: date | None = None
    joined_until: date | None = None
    seen_within: int | None = None
    silent_for: int | None = None
    among: tuple[int, ...] | None = None
    """Ids of the only members wanted, such as those of a segment."""


def select_members(community: Community, selection: Selection) -> QuerySet[Member]:
    """The members that fit, in no order, with what `members_of` adds."""
    found = members_of(community).filter(_membership_fits(community, selection), _mark_fits(selection.marked))
    if selection.words.strip():
        found = found.filter(pk__in=Member.objects.filter(matching(selection.words)).order_by().values("pk"))
    for tag in selection.tags:
        found = found.filter(pk__in=MemberTag.objects.filter(tag=tag).values("member"))
    if selection.among is not None:
        found = found.filter(pk__among=selection.among)
    return _by_doings(found, community, selection)


def with_last_act(found: QuerySet[Member], community: Community) -> QuerySet[Member]:
    """Members with `last_at`: when they last did something in the community (UTC), None where they never did."""
    here = only("community_id", community.pk)
    acts = Event.objects.filter(here, identity__member=OuterRef("pk"), kind__in=kinds_of_grade(Grade.SEEN))
    return found.annotate(last_at=Subquery(acts.order_by("-occurred_at").values("occurred_at")[:1]))


def _membership_fits(community: Community, selection: Selection) -> Q:
    narrowing = (selection.channel, selection.state, selection.joined_from, selection.joined_until)
    if selection.group is None and not any(narrowing):
        return Q()  # `members_of` has asked the same
    theirs = Membership.objects.filter(community=community)
    if selection.group is not None:
        theirs = theirs.filter(group=selection.group)
    open_now = theirs.filter(left_at__isnull=True)
    wanted = open_now if selection.state is State.PRESENT else theirs
    if selection.channel:
        wanted = wanted.filter(channel_key=selection.channel)
    zone = ZoneInfo(community.timezone)
    if selection.joined_from:
        wanted = wanted.filter(joined_at__gte=_midnight(selection.joined_from, zone))
    if selection.joined_until:
        wanted = wanted.filter(joined_at__lt=_midnight(selection.joined_until + timedelta(days=1), zone))
    fits = Q(pk__in=wanted.values("identity__member"))
    still_there = Q(pk__in=open_now.values("identity__member"))
    return fits & ~still_there if selection.state is State.LEFT else fits


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _mark_fits(marked: Marked | None) -> Q:
    if marked is None:
        return Q()
    if marked is Marked.NONE:
        return Q(is_staff=False, is_bot=False)
    return Q(is_staff=True) if marked is Marked.STAFF else Q(is_bot=True)


def _active_since(community: Community, days: int) -> Q:
    since = timezone.now() - timedelta(days=days)
    acts = Event.objects.filter(
        community=community, occurred_at__gte=since, kind__in=kinds_of_grade(Grade.SEEN), identity__isnull=False
    )
    return Q(pk__in=acts.values("identity__member"))


def _by_doings(found: QuerySet[Member], community: Community, selection: Selection) -> QuerySet[Member]:
    if selection.seen_within is not None:
        found = found.filter(_active_since(community, selection.seen_within))
    if selection.silent_for is not None:
        found = found.exclude(_active_since(community, selection.silent_for))
    return found
