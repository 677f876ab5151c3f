"""What is known of the people a journey is tried on: their facts, their stays, and whether a condition held when."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qunying.do.journeys.conditions import SEGMENT, SINCE, kinds_of_deed
from qunying.do.journeys.definition import Branch, Until
from qunying.ground.events.kinds import ORDERED, REFUNDED, Grade, kinds_of_grade
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.segments.conditions import Condition, Group
from qunying.ground.segments.counting import members_fitting
from qunying.ground.segments.models import Segment
from qunying.ground.segments.queries import members_of_segment
from qunying.kit.money import least_minor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qunying.do.journeys.definition import Definition
    from qunying.ground.groups.models import Community

_DAY = timedelta(days=1)
_BEHAVIOUR = frozenset({SINCE, "did", "spent", "quiet"})
_LONGEST_BACK = 400
"""Days before the month from which facts are still read: more than a year back nothing is tried."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody's stay in one group, from when until when (None: still there)."""

    group: int | None
    identity: int
    since: datetime
    until: datetime | None


@dataclass(slots=True)
class World:
    """What is known of the people of one community.

    `fits` holds who fits a condition now, for those kinds of conditions of which nothing is known of the past.
    """

    community: Community
    zone: ZoneInfo
    now: datetime
    facts: dict[int, list[tuple[datetime, str, int]]] = field(default_factory=dict)
    stays: dict[int, list[Stay]] = field(default_factory=dict)
    fits: dict[str, frozenset[int]] = field(default_factory=dict)

    def stay_at(self, member: int, at: datetime) -> Stay | None:
        """A stay that was open at that moment, the oldest; None where they were not in the community."""
        open_then = (one for one in self.stays.get(member, ()) if one.since <= at and (not one.until or at < one.until))
        return next(open_then, None)

    def left_at(self, member: int, after: datetime) -> datetime | None:
        """When they first were in no group at all, from that moment on."""
        if self.stay_at(member, after) is None:
            return after
        ends = sorted(one.until for one in self.stays.get(member, ()) if one.until is not None and one.until > after)
        return next((end for end in ends if self.stay_at(member, end) is None), None)

    def holds(self, group: Group, member: int, *, began: datetime, at: datetime) -> bool:
        """Whether the condition held of them at that moment, on a journey that began then."""
        found = (self._part(part, member, began, at) for part in group.parts)
        return all(found) if group.every else any(found)

    def _part(self, part: Condition | Group, member: int, began: datetime, at: datetime) -> bool:
        if isinstance(part, Group):
            return self.holds(part, member, began=began, at=at)
        return self._one(part, member, began, at) != part.negated

    def _one(self, one: Condition, member: int, began: datetime, at: datetime) -> bool:
        params = one.params
        if one.kind == SINCE:
            return self._count(member, kinds_of_deed(params["deed"]), began, at) >= int(params["times"])
        if one.kind == "did":
            start = self._days_back(at, params["days"])
            return self._count(member, kinds_of_deed(params["deed"]), start, at) >= int(params["times"])
        if one.kind == "quiet":
            return not self._count(member, kinds_of_grade(Grade.SEEN), self._days_back(at, params["days"]), at)
        if one.kind == "spent":
            return self._spent(member, params, at)
        if one.kind == "state":
            return (self.stay_at(member, at) is not None) == bool(params["state"] == "present")
        return member in self.fits.get(_name(one), frozenset())

    def _days_back(self, at: datetime, days: int) -> datetime:
        """The beginning of the first of so many local days up to and with that moment's."""
        local = at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return local - (days - 1) * _DAY

    def _within(self, member: int, start: datetime, end: datetime) -> list[tuple[datetime, str, int]]:
        rows = self.facts.get(member, [])
        return rows[bisect_left(rows, start, key=_when) : bisect_right(rows, end, key=_when)]

    def _count(self, member: int, kinds: Iterable[str], start: datetime, end: datetime) -> int:
        wanted = frozenset(kinds)
        return sum(kind in wanted for _at, kind, _amount in self._within(member, start, end))

    def _spent(self, member: int, params: Mapping[str, Any], at: datetime) -> bool:
        days = int(params["days"])
        start = self._days_back(at, days) if days else datetime.min.replace(tzinfo=self.zone)
        rows = self._within(member, start, at)
        net = sum(amount for _at, kind, amount in rows if kind == ORDERED.name)
        net -= sum(abs(amount) for _at, kind, amount in rows if kind == REFUNDED.name)
        return net >= least_minor(Decimal(str(params["amount"])), self.community.currency)

    def turns(self, member: int, start: datetime, end: datetime) -> Iterator[datetime]:
        """The moments between these, both included, at which a condition may come to hold: facts, and new days."""
        local = start.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
        moments = {start, end, *(at for at, _kind, _amount in self._within(member, start, end))}
        while local < end:
            moments.add(local)
            local += _DAY
        yield from sorted(moments)


def load_world(definition: Definition, community: Community, members: Iterable[int], *, now: datetime) -> World:
    """Everything a definition asks about these people. Three queries, and one for each condition about today."""
    world = World(community, ZoneInfo(community.timezone), now)
    ids = sorted(set(members))
    conditions = list(conditions_in(definition))
    _load_stays(world, ids)
    if any(one.kind in _BEHAVIOUR for one in conditions):
        _load_facts(world, ids, kinds={kind for one in conditions for kind in _kinds(one)})
    for one in conditions:
        if one.kind not in _BEHAVIOUR and one.kind != "state" and _name(one) not in world.fits:
            world.fits[_name(one)] = frozenset(_fitting(one, community))
    return world


def conditions_in(definition: Definition) -> Iterator[Condition]:
    """Every condition a definition asks."""
    groups = [definition.only_if, definition.goal, *definition.exits]
    groups += [step.asked for step in definition.all_steps() if isinstance(step, Branch | Until)]
    for group in groups:
        if group is not None:
            yield from group.conditions()


def asks_today(definition: Definition) -> bool:
    """Whether it asks something of which only today's answer is known: tags, segments, parts and the like."""
    return any(one.kind not in _BEHAVIOUR and one.kind != "state" for one in conditions_in(definition))


def _when(row: tuple[datetime, str, int]) -> datetime:
    return row[0]


def _name(one: Condition) -> str:
    return repr((one.kind, sorted(one.params.items(), key=str)))


def _kinds(one: Condition) -> list[str]:
    if one.kind in {SINCE, "did"}:
        return kinds_of_deed(one.params["deed"])
    if one.kind == "spent":
        return [ORDERED.name, REFUNDED.name]
    return kinds_of_grade(Grade.SEEN) if one.kind == "quiet" else []


def _fitting(one: Condition, community: Community) -> list[int]:
    if one.kind == SEGMENT:
        segment = Segment.objects.filter(pk=one.params["segment"]).first()
        return members_of_segment(segment, [community]) if segment else []
    return members_fitting(Group(parts=(Condition(one.kind, one.params),)), [community.pk])


def _load_stays(world: World, members: list[int]) -> None:
    rows = Membership.objects.filter(community=world.community, identity__member__among=members)
    found: defaultdict[int, list[Stay]] = defaultdict(list)
    for member, group, identity, since, until in rows.order_by("joined_at", "pk").values_list(
        "identity__member", "group", "identity", "joined_at", "left_at"
    ):
        found[member].append(Stay(group, identity, since, until))
    world.stays = dict(found)


def _load_facts(world: World, members: list[int], *, kinds: set[str]) -> None:
    rows = Event.objects.filter(
        community=world.community,
        kind__in=kinds,
        identity__member__among=members,
        occurred_at__gte=world.now - _LONGEST_BACK * _DAY,
        occurred_at__lte=world.now,
    )
    found: defaultdict[int, list[tuple[datetime, str, int]]] = defaultdict(list)
    for member, at, kind, amount in rows.order_by("occurred_at", "pk").values_list(
        "identity__member", "occurred_at", "kind", "amount"
    ):
        found[member].append((at, kind, amount or 0))
    world.facts = dict(found)
