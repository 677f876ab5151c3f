"""What would have gone out: a definition walked by last month's members, with nothing sent and nothing written.

Decided as it would be today: consent, freezes and the ways of platforms. Decided as of then: who was there, what they
did, quiet hours, and how much each person and group was sent, together with what they were sent in truth.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from qunying.do.journeys.checking import action_of
from qunying.do.journeys.definition import MANUAL, SEGMENT_ENTERED, Say
from qunying.do.journeys.ledger import ORIGIN
from qunying.do.journeys.simulation_starts import starts_in
from qunying.do.journeys.simulation_walk import Answer, Start, walking
from qunying.do.journeys.simulation_world import asks_today, load_world
from qunying.do.reach.guards import PUSHED, quiet_until
from qunying.do.reach.measures import measure_of
from qunying.do.reach.models import Delivery
from qunying.ground.groups.models import Group
from qunying.ground.members.models import Member
from qunying.ground.platforms.port import Action, Way, connector_of
from qunying.ground.privacy.own_purposes import MARKETING
from qunying.ground.privacy.queries import processed, willing

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from qunying.do.journeys.definition import Definition
    from qunying.do.journeys.simulation_walk import Asked, Walk
    from qunying.do.journeys.simulation_world import World
    from qunying.do.reach.models import Measure
    from qunying.ground.groups.models import Community

DAYS = 30
MOST = 2000
"""Members it is tried on at most, the earliest of the month: more say nothing new, and take long."""
EXAMPLES = 5
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(slots=True)
class StepTrial:
    """One step: who would have come there, and what of it would have left, and why the rest would not."""

    arrived: int = 0
    by_itself: int = 0
    by_hand: int = 0
    moved: int = 0
    refused: int = 0
    held: Counter[str] = field(default_factory=Counter)
    took: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, datetime]] = field(default_factory=list)
    """Ids of the first members there, each with the moment."""

    @property
    def held_back(self) -> int:
        """How much would have been held back, whatever the reason."""
        return self.held.total()


@dataclass(frozen=True, slots=True)
class Trial:
    """The whole month: how many would have begun, how it would stand with them, and each step by its id."""

    since: datetime
    until: datetime
    began: int
    states: Counter[str]
    steps: dict[str, StepTrial]
    names: dict[int, str]
    """The names of the members of the examples, by their ids."""
    remarks: list[str]
    """What to know of it, in sentences."""


def simulate(definition: Definition, *, community: Community, now: datetime) -> Trial:
    """Walk the definition with everybody who would have begun it in the thirty local days up to `now` (aware)."""
    zone = ZoneInfo(community.timezone)
    since = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) - DAYS * _DAY
    found = starts_in(definition, community, since=since, until=now)
    starts, more = found[:MOST], len(found) - MOST
    world = load_world(definition, community, (one.member for one in starts), now=now)
    guard = _Guard(community, {one.member for one in starts}, starts, since=since)
    steps: dict[str, StepTrial] = defaultdict(StepTrial)
    walks = _walk_all(definition, starts, world, guard, steps)
    for walk in walks:
        _count(walk, steps)
    shown = {member for one in steps.values() for member, _at in one.examples}
    names = {one.pk: str(one) for one in Member.objects.filter(pk__in=shown)}
    states = Counter(str(walk.state) for walk in walks)
    return Trial(since, now, len(walks), states, dict(steps), names, _remarks(definition, more))


def _walk_all(
    definition: Definition, starts: list[Start], world: World, guard: _Guard, steps: dict[str, StepTrial]
) -> list[Walk]:
    """All of them side by side in the order of time, so that what one is sent counts for the next."""
    queue: list[tuple[datetime, int, Asked]] = []
    under_way: dict[int, tuple[Start, Generator[Asked, Answer, Walk]]] = {}
    walks: list[Walk] = []
    over: dict[int, tuple[datetime, datetime | None]] = {}

    def go_on(number: int, answer: Answer | None) -> None:
        start, walker = under_way[number]
        try:
            asked = walker.send(answer) if answer else next(walker)
        except StopIteration as ended:
            walks.append(ended.value)
            over[start.member] = (start.at, ended.value.ended_at)
            del under_way[number]
        else:
            heapq.heappush(queue, (asked.at, number, asked))

    waiting = iter(enumerate(starts))
    coming = next(waiting, None)
    on_it: dict[int, int] = {}
    while queue or coming:
        if coming and (not queue or coming[1].at <= queue[0][0]):
            number, start = coming
            coming = next(waiting, None)
            if on_it.get(start.member) not in under_way and _may_begin(definition, start, over, world):
                on_it[start.member] = number
                under_way[number] = (start, walking(definition, start, world))
                go_on(number, None)
            continue
        _at, number, asked = heapq.heappop(queue)
        go_on(number, guard.answer(asked, under_way[number][0], steps[asked.step.id]))
    return walks


def _may_begin(
    definition: Definition, start: Start, over: dict[int, tuple[datetime, datetime | None]], world: World
) -> bool:
    """Whether somebody begins: they are not on it, may go it (again), and are whom it is for."""
    began, ended = over.get(start.member, (None, None))
    if began is not None and (
        not definition.again or ended is None or start.at < ended or start.at < began + timedelta(days=definition.again)
    ):
        return False
    wanted = definition.only_if
    return wanted is None or world.holds(wanted, start.member, began=start.at, at=start.at)


def _count(walk: Walk, steps: dict[str, StepTrial]) -> None:
    for step, at, took in walk.met:
        trial = steps[step]
        trial.arrived += 1
        if took:
            trial.took[took] += 1
        if len(trial.examples) < EXAMPLES:
            trial.examples.append((walk.start.member, at))


def _remarks(definition: Definition, more: int) -> list[str]:
    found = []
    if definition.trigger.on == SEGMENT_ENTERED:
        found.append(_("Who is in the segment now begins with the month: who came into it when is not known."))
    if definition.trigger.on == MANUAL:
        found.append(_("Everybody who was there begins with the month; in truth you choose them by hand."))
    if asks_today(definition):
        found.append(_("Tags, segments and parts are those of today."))
    if more > 0:
        found.append(_("Tried on the first %(most)d members; %(more)d more came later.") % {"most": MOST, "more": more})
    return found


class _Guard:
    """Decides what would have left, in the order of time."""

    def __init__(self, community: Community, members: set[int], starts: Iterable[Start], *, since: datetime) -> None:
        self._zone = ZoneInfo(community.timezone)
        self._measure: Measure = measure_of(community.unit)
        asked = Member.objects.filter(pk__among=sorted(members))
        self._free = set(processed(asked).values_list("pk", flat=True))
        self._willing = set(willing(asked, MARKETING.name).values_list("pk", flat=True))
        groups = {one.group for one in starts if one.group is not None}
        self._groups = Group.objects.select_related("account").in_bulk(groups)
        self._spent = _really_spent(community, members, groups, since=since)
        self._ways: dict[tuple[Action, int | None], Way] = {}

    def answer(self, asked: Asked, start: Start, trial: StepTrial) -> Answer:
        """What would have come of it, noted with its step."""
        action = action_of(asked.step)
        way = self._way(action, start.group)
        if way is Way.IMPOSSIBLE:
            trial.refused += 1
            return Answer(left=False, at=asked.at)
        at = self._out_of_the_night(asked.at) if action in PUSHED else asked.at
        words = self._held(asked, start, action, at)
        if words:
            trial.held[words] += 1
            return Answer(left=False, at=at)
        trial.moved += at > asked.at
        if way in {Way.OFFICIAL, Way.CONFIRM}:
            trial.by_itself += 1
        else:
            trial.by_hand += 1
        if action in PUSHED:
            self._spent[_target(action, start)].append(at)
        return Answer(left=True, at=at)

    def _held(self, asked: Asked, start: Start, action: Action, at: datetime) -> str:
        if action == Action.TELL and start.member not in self._free:
            return _("Nothing may be sent to this person: their data is frozen or erased.")
        advert = isinstance(asked.step, Say) and asked.step.advert
        if advert and action == Action.TELL and start.member not in self._willing:
            return _("This person has not agreed to offers and advertising, has taken it back, or is under 18.")
        return self._enough(action, start, at) if action in PUSHED else ""

    def _enough(self, action: Action, start: Start, at: datetime) -> str:
        """As the guard on frequency counts: that local day, and the seven days up to it."""
        day = at.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        times = [one for one in self._spent[_target(action, start)] if day + _DAY - _WEEK <= one < day + _DAY]
        most_day, most_week = (
            (self._measure.person_day, self._measure.person_week)
            if action == Action.TELL
            else (self._measure.group_day, self._measure.group_week)
        )
        if sum(one >= day for one in times) < most_day and len(times) < most_week:
            return ""
        if action == Action.TELL:
            return _("They were sent enough that day, or that week.")
        return _("Their group was sent enough that day, or that week.")

    def _out_of_the_night(self, at: datetime) -> datetime:
        return quiet_until(self._measure, at, self._zone) or at

    def _way(self, action: Action, group: int | None) -> Way:
        if (action, group) not in self._ways:
            self._ways[action, group] = self._ask(action, self._groups.get(group) if group else None)
        return self._ways[action, group]

    def _ask(self, action: Action, group: Group | None) -> Way:
        account = group.account if group else None
        connector = connector_of(account.platform) if account else None
        if group is None or account is None or connector is None:
            return Way.HAND
        place = "" if action == Action.TELL else group.external_id
        return connector.capability(action, account=account, group=place).way


def _target(action: Action, start: Start) -> tuple[str, int | None]:
    return ("person", start.member) if action == Action.TELL else ("group", start.group)


def _really_spent(
    community: Community, members: set[int], groups: set[int], *, since: datetime
) -> defaultdict[tuple[str, int | None], list[datetime]]:
    """What these people and groups were sent in truth, but for journeys: what those sent is tried anew."""
    sent = Delivery.objects.filter(state__in=Delivery.SPENT, action__in=PUSHED, due_at__gte=since - _WEEK)
    sent = sent.exclude(origin=ORIGIN, community=community)
    found: defaultdict[tuple[str, int | None], list[datetime]] = defaultdict(list)
    to_people = sent.filter(identity__member__among=sorted(members))
    for member, at in to_people.values_list("identity__member", "due_at"):
        found["person", member].append(at)
    for group, at in sent.filter(identity=None, group__in=groups).values_list("group", "due_at"):
        found["group", group].append(at)
    return found
