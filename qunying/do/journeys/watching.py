"""What nobody tells: conditions that come true while people wait, segments people enter, days that come.

Chores of the loop. Each asks outside of any transaction and writes in a short one; asked twice, nothing doubles.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from qunying.do.journeys.asking import Asking, Person
from qunying.do.journeys.beginning import Start, begin, places_of
from qunying.do.journeys.definition import DATE, SEGMENT_ENTERED, Until
from qunying.do.journeys.endings import end_these
from qunying.do.journeys.models import Journey, Passage, Standing, Traveller, Version
from qunying.do.journeys.reasons import GOAL_REACHED, LEFT, MERGED, OUT_BY_CONDITION
from qunying.do.journeys.wayfinding import way_through
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import MemberTag
from qunying.ground.segments.models import Segment
from qunying.ground.segments.queries import members_of_segment
from qunying.kit.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from qunying.ground.groups.models import Community

AT_ONCE = 500
_LEAP = 2024
_log = logging.getLogger(__name__)


def running_versions() -> list[Version]:
    """The versions that people begin now, with their journeys."""
    found = Version.objects.filter(state=Version.State.RELEASED, journey__state=Journey.State.RUNNING)
    return list(found.select_related("journey__community__unit").order_by("pk"))


def travelled_versions() -> list[Version]:
    """The versions of running journeys on which somebody may be under way."""
    found = Version.objects.filter(journey__state=Journey.State.RUNNING).exclude(state=Version.State.DRAFT)
    return list(found.select_related("journey__community__unit").order_by("pk"))


def watch() -> int:
    """Have those go on for whom came true what they wait for, and end it for those who are out; how many."""
    asking = Asking()
    return _each(travelled_versions(), lambda one: _watch_forks(one, asking) + _watch_ends(one, asking))


def _each(versions: Iterable[Version], work: Callable[[Version], int]) -> int:
    """Do it for each; one that stumbles is told in the log and holds up no other."""
    done = 0
    for version in versions:
        try:
            done += work(version)
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - it is in the log, and the others go on
            _log.exception("a journey stumbled; the others go on")
    return done


def _watch_forks(version: Version, asking: Asking) -> int:
    waiting = Passage.objects.filter(
        traveller__version=version, kind=Until.do, state=Passage.State.DUE, due_at__gt=timezone.now()
    )
    by_step: dict[str, list[tuple[int, Person]]] = defaultdict(list)
    for pk, name, traveller, member in waiting.values_list("pk", "step_id", "traveller", "traveller__member"):
        by_step[name].append((pk, Person(traveller, member)))
    found = 0
    for name, rows in by_step.items():
        step = way_through(version).steps.get(name)
        if isinstance(step, Until):
            holding = asking.holding(step.asked, [person for _pk, person in rows], version.journey.community)
            found += _bring_forward([pk for pk, person in rows if person.member in holding])
    return found


def _bring_forward(passages: Sequence[int]) -> int:
    """What they wait for came true: the step is due now, and knows how it ended."""
    found = 0
    for start in range(0, len(passages), AT_ONCE):
        due = Passage.objects.filter(pk__among=list(passages[start : start + AT_ONCE]), state=Passage.State.DUE)
        found += due.update(due_at=timezone.now(), outcome=Passage.Outcome.THEN)
    return found


def _watch_ends(version: Version, asking: Asking) -> int:
    definition, ended = way_through(version).definition, 0
    on_it = version.travellers.filter(state=Traveller.State.UNDER_WAY).order_by("pk")
    merged = on_it.filter(member__merged_into__isnull=False)
    gone = _gone(on_it.filter(member__merged_into__isnull=True), version)
    ended += _end(merged.values_list("pk", flat=True), Traveller.State.STOPPED, MERGED)
    ended += _end(gone.values_list("pk", flat=True), Traveller.State.LEFT, LEFT)
    asked = [(definition.goal, Traveller.State.REACHED_GOAL, GOAL_REACHED)] if definition.goal else []
    asked += [(one, Traveller.State.LEFT, OUT_BY_CONDITION) for one in definition.exits]
    people = [Person(*row) for row in on_it.values_list("pk", "member")] if asked else []
    for group, state, why in asked:
        holding = asking.holding(group, people, version.journey.community)
        ended += _end([one.traveller for one in people if one.member in holding], state, why)
        people = [one for one in people if one.member not in holding]
    return ended


def _gone(travellers: QuerySet[Traveller], version: Version) -> QuerySet[Traveller]:
    """Those who have left the group they came into, or, where there is none, the community."""
    stays = Membership.objects.filter(identity__member=OuterRef("member"), left_at__isnull=True)
    in_group = Exists(stays.filter(group=OuterRef("group")))
    in_community = Exists(stays.filter(community=version.journey.community))
    return travellers.filter(Q(group__isnull=False) & ~in_group | Q(group__isnull=True) & ~in_community)


def _end(travellers: Iterable[int], state: Traveller.State, why: _StrPromise) -> int:
    ids, ended = list(travellers), 0
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            ended += end_these(ids[start : start + AT_ONCE], state, why=why, now=timezone.now())
    return ended


def look_into_segments() -> int:
    """Have those begin who entered a segment that sets a journey off since it was last looked; how many.

    The first look only notes who is in it.
    """
    return _each(running_versions(), _look_into)


def _look_into(version: Version) -> int:
    journey = version.journey
    if way_through(version).definition.trigger.on != SEGMENT_ENTERED:
        return 0
    segment = Segment.objects.filter(pk=way_through(version).definition.trigger.segment or 0).first()
    if segment is None:
        return 0
    inside, now = set(members_of_segment(segment, [journey.community])), timezone.now()
    known = set(Standing.objects.filter(journey=journey).values_list("member", flat=True))
    fresh = sorted(inside - known)
    starts = [] if journey.looked_at is None else _starts(journey.community, fresh, f"segment:{now:%Y%m%d%H%M%S}")
    begun = start_all(version, starts, now=now)
    _stand(journey, fresh, sorted(known - inside))
    Journey.objects.filter(pk=journey.pk).update(looked_at=now)
    return begun


def _stand(journey: Journey, fresh: Sequence[int], gone: Sequence[int]) -> None:
    table, once = Standing._meta.db_table, ("journey_id", "member_id")  # noqa: SLF001 - Django's own name
    for start in range(0, len(fresh), AT_ONCE):
        rows = [(journey.pk, member) for member in fresh[start : start + AT_ONCE]]
        with transaction.atomic():
            insert_rows(connection, table, {"journey_id": "bigint", "member_id": "bigint"}, rows, once=once)
    for start in range(0, len(gone), AT_ONCE):
        Standing.objects.filter(journey=journey, member__among=list(gone[start : start + AT_ONCE])).delete()


def look_at_the_day() -> int:
    """Have those begin whose day it is, once the time of day has come where they live; how many."""
    return _each(running_versions(), lambda one: _look_at(one, timezone.now()))


def _look_at(version: Version, now: datetime) -> int:
    trigger, community = way_through(version).definition.trigger, version.journey.community
    local = now.astimezone(ZoneInfo(community.timezone))
    if trigger.on != DATE or local.time() < trigger.at:
        return 0
    members = _everyone(community) if trigger.falls_on(local.date()) else []
    if trigger.dimension:
        members = sorted(_with_day(trigger.dimension, community, local.date()))
    return start_all(version, _starts(community, members, f"date:{local.date().isoformat()}"), now=now)


def _everyone(community: Community) -> list[int]:
    here = Membership.objects.filter(community=community, left_at__isnull=True)
    return sorted(set(here.values_list("identity__member", flat=True)))


def _with_day(dimension: str, community: Community, today: date) -> Iterator[int]:
    """Members of the community whose tag in the dimension is this day of the year."""
    carried = MemberTag.objects.filter(tag__dimension__name=dimension)
    names = [name for name in carried.values_list("tag__name", flat=True).distinct() if is_day(name, today)]
    here = Membership.objects.filter(community=community, left_at__isnull=True).values("identity__member")
    yield from carried.filter(tag__name__in=names, member__in=here).values_list("member", flat=True)


def is_day(name: str, today: date) -> bool:
    """Whether a tag such as 05-23 or 1990-05-23 names this day of the year; 29 February is the 28th in other years."""
    try:
        day = date.fromisoformat(name if name.count("-") > 1 else f"{_LEAP}-{name}")
    except ValueError:
        return False
    leap = today.month == 2 and today.day == 28 and not _is_leap(today.year)  # noqa: PLR2004 - the day is said above
    return (day.month, day.day) in ({(2, 28), (2, 29)} if leap else {(today.month, today.day)})


def _is_leap(year: int) -> bool:
    return (date(year, 3, 1) - date(year, 2, 28)).days > 1


def _starts(community: Community, members: Sequence[int], trigger_key: str) -> list[Start]:
    places = places_of(community, members)
    return [Start(member, *place, trigger_key) for member, place in places.items()]


def fitting(version: Version, starts: Sequence[Start]) -> list[Start]:
    """Those whom the journey is for."""
    only_if = way_through(version).definition.only_if
    if only_if is None or not starts:
        return list(starts)
    people = [Person(0, one.member) for one in starts]
    holding = Asking().holding(only_if, people, version.journey.community)
    return [one for one in starts if one.member in holding]


def start_all(version: Version, starts: Sequence[Start], *, now: datetime) -> int:
    """Have those of these begin whom the journey is for, some at a time; how many did."""
    begun, found = 0, fitting(version, starts)
    for start in range(0, len(found), AT_ONCE):
        with transaction.atomic():
            begun += len(begin(version, found[start : start + AT_ONCE], now=now))
    return begun
