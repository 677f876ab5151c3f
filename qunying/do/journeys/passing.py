"""Taking travellers through the steps that are due, many at a time, each step at most once.

A turn looks first, outside of any transaction (who has left, who has reached the goal, which conditions hold), then
writes in one short one: the rows of the ledger that are still due are locked, deliveries are stored under their keys,
and what comes next is laid before the traveller. Whatever dies in between has done nothing or all of it.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import OperationalError, transaction
from django.db.models import Count
from django.utils import timezone

from qunying.do.journeys import effects
from qunying.do.journeys.asking import Asking, Person, still_there
from qunying.do.journeys.definition import GO_ON, Again, Branch, End, Until, Wait
from qunying.do.journeys.endings import end_these, finish_these
from qunying.do.journeys.facts import tell_steps
from qunying.do.journeys.ledger import Next, insert_passages
from qunying.do.journeys.models import Journey, Passage, Traveller, Version
from qunying.do.journeys.reasons import GOAL_REACHED, LEFT, LOST, MERGED, OUT_BY_CONDITION, STUMBLED
from qunying.do.journeys.wayfinding import due_of, sends, way_through
from qunying.ground.groups.models import Group
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from qunying.do.journeys.definition import Step
    from qunying.do.journeys.wayfinding import Way
    from qunying.do.reach.models import Delivery
    from qunying.ground.groups.models import Community
    from qunying.ground.segments.conditions import Group as Asked

AT_ONCE = 400
"""Steps in one transaction: SQLite has one writer, and nobody should wait for it longer than 100 ms."""
TURN_SECONDS = 1.0
"""The loop has others to serve: what is left is taken in its next turn."""
_MOST_TASKS = 40
_LATER = timedelta(minutes=5)
Outcome = Passage.Outcome
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Turn:
    """What one look found: the steps that are due, the way of each version, and what is to become of each step."""

    now: datetime
    passages: list[Passage]
    ways: dict[int, Way]
    communities: dict[int, Community]
    hashes: dict[int, str]
    """Version → what names its content."""
    ends: dict[int, tuple[Traveller.State, _StrPromise]] = field(default_factory=dict)
    """Traveller → how the journey ends for them before the step."""
    fates: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    """Passage → what comes of it, and the id of the step after it."""
    deliveries: dict[int, Delivery] = field(default_factory=dict)

    def way(self, one: Passage) -> Way:
        """The way of the version on which the traveller is."""
        return self.ways[one.traveller.version_id]

    def step(self, one: Passage) -> Step | None:
        """The step; None where the definition does not have it."""
        return self.way(one).steps.get(one.step_id)

    def community(self, one: Passage) -> Community:
        """Where the journey runs."""
        return self.communities[one.traveller.version_id]


def take_due() -> int:
    """Take everybody through the steps that are due, for about a second; how many steps."""
    until, taken, asking = time.monotonic() + TURN_SECONDS, 0, Asking()
    while number := take_some(timezone.now(), asking):
        taken += number
        if time.monotonic() > until:
            break
    return taken


def take_some(now: datetime, asking: Asking) -> int:
    """Take some of the steps that are due as of now (aware); how many."""
    passages = _due(now)
    if passages:
        _take_or_split(passages, now, asking)
    return len(passages)


def _take_or_split(passages: list[Passage], now: datetime, asking: Asking) -> None:
    """Take them together; where something stumbles, by halves, so that one broken step holds up nobody else."""
    try:
        _take(passages, now, asking)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
        if len(passages) > 1:
            for half in (passages[: len(passages) // 2], passages[len(passages) // 2 :]):
                _take_or_split(half, now, asking)
        else:
            _log.exception("a step of a journey stumbled; it is tried again later")
            _put_off(passages[0], now, error)


def _put_off(one: Passage, now: datetime, error: Exception) -> None:
    why = error.message if isinstance(error, QunyingError) else STUMBLED
    Passage.objects.filter(pk=one.pk, state=Passage.State.DUE).update(due_at=now + _LATER, why=why)


def _take(passages: list[Passage], now: datetime, asking: Asking) -> None:
    turn = turn_of(passages, now)
    _find_ends(turn, asking)
    _find_fates(turn, asking)
    turn.deliveries = effects.draft_words([one for one in passages if one.pk in turn.fates], turn)
    _write(turn)


def _due(now: datetime) -> list[Passage]:
    running = Journey.objects.filter(state=Journey.State.RUNNING).values("pk")
    due = Passage.objects.filter(state=Passage.State.DUE, due_at__lte=now, traveller__journey__in=running)
    parts = ("traveller__identity", "traveller__member")
    found = list(due.select_related(*parts).order_by("due_at", "pk")[:AT_ONCE])
    tasks = [one.pk for one in found if one.kind == "task"]
    late = set(tasks[_MOST_TASKS:])
    return [one for one in found if one.pk not in late]


def turn_of(passages: list[Passage], now: datetime) -> Turn:
    """What is known of these steps before anything is asked."""
    versions = Version.objects.filter(pk__in={one.traveller.version_id for one in passages})
    found = {one.pk: one for one in versions.select_related("journey__community__unit")}
    groups = Group.objects.select_related("account").in_bulk({one.traveller.group_id for one in passages})
    for one in passages:
        # Thousands share a few of these: one object each, read once.
        one.traveller.journey = found[one.traveller.version_id].journey
        one.traveller.group = groups.get(one.traveller.group_id)
    ways = {pk: way_through(version) for pk, version in found.items()}
    communities = {pk: version.journey.community for pk, version in found.items()}
    return Turn(now, passages, ways, communities, {pk: version.content_hash for pk, version in found.items()})


def _by_version(passages: Iterable[Passage]) -> dict[int, list[Passage]]:
    found: dict[int, list[Passage]] = defaultdict(list)
    for one in passages:
        found[one.traveller.version_id].append(one)
    return found


def _people(passages: Iterable[Passage]) -> list[Person]:
    return [Person(one.traveller_id, one.traveller.member_id) for one in passages]


def _find_ends(turn: Turn, asking: Asking) -> None:
    """Who goes no further: merged into somebody else, gone from the group, at the goal, or out by a condition."""
    there = still_there([one.traveller for one in turn.passages])
    for one in turn.passages:
        if one.traveller.member.merged_into_id is not None:
            turn.ends[one.traveller_id] = (Traveller.State.STOPPED, MERGED)
        elif one.traveller_id not in there:
            turn.ends[one.traveller_id] = (Traveller.State.LEFT, LEFT)
    for version, passages in _by_version(turn.passages).items():
        definition = turn.ways[version].definition
        asked = [(definition.goal, Traveller.State.REACHED_GOAL, GOAL_REACHED)] if definition.goal else []
        asked += [(one, Traveller.State.LEFT, OUT_BY_CONDITION) for one in definition.exits]
        for group, state, why in asked:
            going = [one for one in passages if one.traveller_id not in turn.ends]
            out = asking.holding(group, _people(going), turn.communities[version])
            turn.ends |= {one.traveller_id: (state, why) for one in going if one.traveller.member_id in out}


def _find_fates(turn: Turn, asking: Asking) -> None:
    """What comes of each step of those who go on."""
    going = [one for one in turn.passages if one.traveller_id not in turn.ends]
    holds = _forks(turn, going, asking)
    rounds = _rounds(turn, going)
    for one in going:
        step = turn.step(one)
        if step is None:
            turn.ends[one.traveller_id] = (Traveller.State.STOPPED, LOST)
        else:
            turn.fates[one.pk] = _fate(turn.way(one), step, one, holds=one.pk in holds, rounds=rounds)


def _fate(
    way: Way, step: Step, one: Passage, *, holds: bool, rounds: dict[tuple[int, str], int]
) -> tuple[str, str | None]:
    after = way.after[step.id]
    if isinstance(step, End):
        return Outcome.END, None
    if isinstance(step, Until | Branch):
        return (Outcome.THEN if holds else Outcome.ELSE), way.inside(step, holds=holds)
    if isinstance(step, Again):
        back = rounds.get((one.traveller_id, step.id), 0) < step.most
        return (Outcome.AGAIN, step.to) if back else (Outcome.ON, after)
    if isinstance(step, Wait):
        return Outcome.WAITED, after
    return ("" if sends(step) else Outcome.MADE), after


def _forks(turn: Turn, going: Sequence[Passage], asking: Asking) -> set[int]:
    """The passages whose condition holds: asked once for each fork of each version."""
    asked: dict[tuple[int, str], list[Passage]] = defaultdict(list)
    found = {one.pk for one in going if one.outcome == Outcome.THEN}
    for one in going:
        if isinstance(turn.step(one), Until | Branch) and one.pk not in found:
            asked[one.traveller.version_id, one.step_id].append(one)
    for (version, step), passages in asked.items():
        group = _asked(turn.ways[version].steps[step])
        holding = asking.holding(group, _people(passages), turn.communities[version])
        found |= {one.pk for one in passages if one.traveller.member_id in holding}
    return found


def _asked(step: Step) -> Asked:
    if not isinstance(step, Until | Branch):
        raise TypeError(step)
    return step.asked


def _rounds(turn: Turn, going: Sequence[Passage]) -> dict[tuple[int, str], int]:
    """How often each traveller was sent back by each step that does so."""
    asking = [one for one in going if isinstance(turn.step(one), Again)]
    if not asking:
        return {}
    met = Passage.objects.filter(traveller__among=[one.traveller_id for one in asking], outcome=Outcome.AGAIN)
    rows = met.order_by().values_list("traveller", "step_id").annotate(number=Count("pk"))
    return {(traveller, step): number for traveller, step, number in rows}


@transaction.atomic
def _write(turn: Turn) -> None:
    locked = Passage.objects.select_for_update(of=("self",), skip_locked=True)
    ids = [one.pk for one in turn.passages]
    mine = set(locked.filter(pk__among=ids, state=Passage.State.DUE).values_list("pk", flat=True))
    _end_early(turn, mine)
    going = [one for one in turn.passages if one.pk in mine and one.pk in turn.fates]
    effects.do(going, turn)
    _mark(going, turn)
    move_on([(one, turn.fates[one.pk][1]) for one in going if goes_on(turn.step(one))], turn)


def _end_early(turn: Turn, mine: set[int]) -> None:
    ends: dict[tuple[Traveller.State, _StrPromise], list[int]] = defaultdict(list)
    for one in turn.passages:
        if one.pk in mine and one.traveller_id in turn.ends:
            ends[turn.ends[one.traveller_id]].append(one.traveller_id)
    for (state, why), travellers in ends.items():
        end_these(travellers, state, why=why, now=turn.now)


def _mark(going: Sequence[Passage], turn: Turn) -> None:
    """Write down what came of the steps; what was handed to reach is told when it has come to its end there."""
    told: dict[str, list[Passage]] = defaultdict(list)
    for one in going:
        told[turn.fates[one.pk][0]].append(one)
    out = [one.pk for one in told.pop("", [])]
    Passage.objects.filter(pk__among=out).update(state=Passage.State.OUT, done_at=turn.now)
    for outcome, passages in told.items():
        rows = Passage.objects.filter(pk__among=[one.pk for one in passages])
        rows.update(state=Passage.State.DONE, done_at=turn.now, outcome=outcome)
    tell_steps([(one, outcome) for outcome, passages in told.items() for one in passages], at=turn.now)


def goes_on(step: Step | None) -> bool:
    """Whether the next step comes at once, not only when reach says that the words have left."""
    return getattr(step, "if_held", GO_ON) == GO_ON


def move_on(steps: Sequence[tuple[Passage, str | None]], turn: Turn) -> None:
    """Lay the next step before each traveller, or end the journey for those who have none left."""
    upcoming = []
    for one, following in steps:
        if following is None:
            continue
        step = turn.way(one).steps[following]
        zone = ZoneInfo(turn.community(one).timezone)
        back = isinstance(turn.step(one), Again) and following != turn.way(one).after[one.step_id]
        upcoming.append(Next(one.traveller_id, step, one.round + int(back), due_of(step, turn.now, zone)))
    insert_passages(upcoming)
    finish_these([one.traveller_id for one, following in steps if following is None], now=turn.now)
