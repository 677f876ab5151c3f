"""Who would have begun a journey in a month, and when: read from the facts of that month, nothing is written."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qunying.do.journeys.definition import DATE, EVENT, JOINED, SEGMENT_ENTERED
from qunying.do.journeys.simulation_walk import Start
from qunying.ground.events.kinds import JOINED as CAME
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import MemberTag
from qunying.ground.segments.models import Segment
from qunying.ground.segments.queries import members_of_segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.do.journeys.definition import Definition, Trigger
    from qunying.ground.groups.models import Community

_DAY = timedelta(days=1)
_BIRTHDAY = re.compile(r"(?:\d{4}-)?(\d{2}-\d{2})")


def starts_in(definition: Definition, community: Community, *, since: datetime, until: datetime) -> list[Start]:
    """Everybody who would have set it off between these moments (aware), in the order of time.

    Staff and bots never do. Of a segment and of a start by hand nothing is known of the past: whoever is in the
    segment now, or was in the community then, begins with the month.
    """
    trigger = definition.trigger
    if trigger.on in {JOINED, EVENT}:
        found = _by_facts(trigger, community, since, until)
    elif trigger.on == DATE:
        found = _by_days(trigger, community, since, until)
    else:
        found = _at_once(trigger, community, since)
    return sorted(found, key=lambda one: (one.at, one.member))


def _by_facts(trigger: Trigger, community: Community, since: datetime, until: datetime) -> Iterator[Start]:
    kind = CAME.name if trigger.on == JOINED else trigger.kind
    rows = Event.objects.filter(
        community=community,
        kind=kind,
        occurred_at__gte=since,
        occurred_at__lt=until,
        identity__member__is_staff=False,
        identity__member__is_bot=False,
    )
    if trigger.groups:
        rows = rows.filter(group__in=trigger.groups)
    if trigger.channels:
        rows = rows.filter(channel_key__in=trigger.channels)
    for at, member, group in rows.order_by("occurred_at", "pk").values_list("occurred_at", "identity__member", "group"):
        yield Start(at, member, group)


def _guests(community: Community, at: datetime) -> dict[int, int | None]:
    """Members who were there at that moment, with one group each: the oldest."""
    stays = Membership.objects.filter(
        community=community, joined_at__lte=at, identity__member__is_staff=False, identity__member__is_bot=False
    ).exclude(left_at__lte=at)
    return dict(stays.order_by("-group").values_list("identity__member", "group"))


def _at_once(trigger: Trigger, community: Community, since: datetime) -> Iterator[Start]:
    there = _guests(community, since)
    chosen = set(there)
    if trigger.on == SEGMENT_ENTERED and trigger.segment is not None:
        segment = Segment.objects.filter(pk=trigger.segment).first()
        chosen = set(members_of_segment(segment, [community])) if segment else set()
    for member in sorted(chosen & set(there)):
        yield Start(since, member, there[member])


def _by_days(trigger: Trigger, community: Community, since: datetime, until: datetime) -> Iterator[Start]:
    zone = ZoneInfo(community.timezone)
    own = _own_days(trigger.dimension) if trigger.dimension else {}
    day = since.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        at = datetime.combine(day, trigger.at, tzinfo=zone)
        named = own.get(f"{day:%m-%d}", set())
        if since <= at < until and (named or trigger.falls_on(day)):
            there = _guests(community, at)
            for member in sorted(set(there) & named if trigger.dimension else there):
                yield Start(at, member, there[member])
        day += _DAY


def _own_days(dimension: str) -> dict[str, set[int]]:
    """Members by the day of the year that a tag of theirs names."""
    found: dict[str, set[int]] = {}
    carried = MemberTag.objects.filter(tag__dimension__name=dimension)
    for name, member in carried.values_list("tag__name", "member"):
        hit = _BIRTHDAY.fullmatch(name.strip())
        if hit and _is_day(hit[1]):
            found.setdefault(hit[1], set()).add(member)
    return found


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(f"2024-{text}")
    except ValueError:
        return False
    return True
