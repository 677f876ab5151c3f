"""One member's way through a definition as it would have been: pure, told what came of each word it wanted to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from qunying.do.journeys.definition import END, WAIT, Again, Branch, End, Say, Until, Wait, Welcome
from qunying.do.journeys.models import Traveller
from qunying.plan.schedule.days import move

if TYPE_CHECKING:
    from collections.abc import Generator
    from zoneinfo import ZoneInfo

    from qunying.do.journeys.definition import Definition, Step
    from qunying.do.journeys.simulation_world import World

_DAY = timedelta(days=1)
State = Traveller.State


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody set a journey off, then, by coming into (or being in) that group."""

    at: datetime
    member: int
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that want to leave at a moment."""

    at: datetime
    step: Say | Welcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of them: whether they left, and when (later than asked in quiet hours)."""

    left: bool
    at: datetime


@dataclass(slots=True)
class Walk:
    """How far somebody came: the steps they met with the moment and what they took, and how it stands at the end."""

    start: Start
    met: list[tuple[str, datetime, str]] = field(default_factory=list)
    state: str = State.UNDER_WAY
    ended_at: datetime | None = None


def after_wait(step: Wait, at: datetime, zone: ZoneInfo) -> datetime:
    """When a wait that begins at that moment is over: so long, then the time of day, then the day (local)."""
    local = (at + timedelta(hours=step.hours)).astimezone(zone) + step.days * _DAY
    if step.at is not None:
        day = local.date() + (_DAY if local.time() > step.at else timedelta())
        local = datetime.combine(day, step.at, tzinfo=zone)
    day = move(local.date(), step.on)
    return local if day == local.date() else datetime.combine(day, step.at or time(local.hour, local.minute), zone)


def walking(definition: Definition, start: Start, world: World) -> Generator[Asked, Answer, Walk]:
    """Walk until the journey is over or the present is reached; yields words that want to leave, is sent the answer."""
    walker = _Walker(definition, start, world)
    try:
        yield from walker.lane(definition.steps)
        walker.finish(State.ENDED)
    except _OverError:
        pass
    return walker.walk


class _OverError(Exception):
    """The journey is over for this member, or the present is reached."""


class _BackError(Exception):
    """It goes back to an earlier step."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class _Walker:
    """Goes one way; `at` is where it stands in time."""

    def __init__(self, definition: Definition, start: Start, world: World) -> None:
        self.definition, self.start, self.world = definition, start, world
        self.at = start.at
        self.walk = Walk(start)
        self._rounds: dict[str, int] = {}
        self._gone = world.left_at(start.member, start.at)
        self._target = ""

    def finish(self, state: str, *, at: datetime | None = None) -> None:
        """Note how it ended, and when."""
        self.walk.state, self.walk.ended_at = state, at or self.at

    def lane(self, steps: tuple[Step, ...]) -> Generator[Asked, Answer]:
        """Walk these steps, anew from one of them where a step leads back to it."""
        place = 0
        while place < len(steps):
            step = steps[place]
            try:
                if self._target:
                    yield from self._towards(step)
                else:
                    yield from self._step(step)
            except _BackError as back:
                place = _place_of(steps, back.step)
                if place < 0:
                    raise
                self._target = back.step
                continue
            place += 1

    def _towards(self, step: Step) -> Generator[Asked, Answer]:
        """On the way back to a step that lies in one of the ways of this one."""
        if step.id == self._target:
            self._target = ""
            yield from self._step(step)
        elif isinstance(step, Branch | Until):
            for arm in (step.then, step.other):
                if _place_of(arm, self._target) >= 0:
                    yield from self._skipping(arm)
                    return

    def _skipping(self, arm: tuple[Step, ...]) -> Generator[Asked, Answer]:
        yield from self.lane(arm[_place_of(arm, self._target) :])

    def _step(self, step: Step) -> Generator[Asked, Answer]:
        self._look_around()
        if isinstance(step, Say | Welcome):
            answer = yield Asked(self.at, step)
            self._said(step, answer)
        elif isinstance(step, Wait):
            self._met(step)
            self._go_to(after_wait(step, self.at, self.world.zone))
        elif isinstance(step, Branch | Until):
            yield from self.lane(self._choose(step))
        elif isinstance(step, Again):
            self._back(step)
        else:
            self._met(step)
            if isinstance(step, End):
                self.finish(State.ENDED)
                raise _OverError

    def _said(self, step: Say | Welcome, answer: Answer) -> None:
        self._met(step)
        if step.if_held == WAIT:
            self._go_to(answer.at if answer.left else self.world.now + _DAY)
        elif step.if_held == END and not answer.left:
            self.finish(State.LEFT)
            raise _OverError

    def _choose(self, step: Branch | Until) -> tuple[Step, ...]:
        member, began = self.start.member, self.start.at
        if isinstance(step, Branch):
            yes = self.world.holds(step.asked, member, began=began, at=self.at)
        else:
            limit = self.at + step.days * _DAY
            turns = self.world.turns(member, self.at, min(limit, self.world.now))
            met = next((at for at in turns if self.world.holds(step.asked, member, began=began, at=at)), None)
            yes = met is not None
            if met is None and limit > self.world.now:
                self.walk.met.append((step.id, self.at, ""))
            self._go_to(met or limit)
        self._met(step, "then" if yes else "else")
        return step.then if yes else step.other

    def _back(self, step: Again) -> None:
        self._met(step)
        self._rounds[step.id] = self._rounds.get(step.id, 0) + 1
        if self._rounds[step.id] <= step.most:
            raise _BackError(step.to)

    def _met(self, step: Step, took: str = "") -> None:
        self.walk.met.append((step.id, self.at, took))

    def _go_to(self, at: datetime) -> None:
        """Let time pass; where somebody leaves meanwhile or the present is reached, it is over."""
        self.at = max(self.at, at)
        self._look_around()

    def _look_around(self) -> None:
        if self._gone is not None and self._gone <= min(self.at, self.world.now):
            self.finish(State.LEFT, at=self._gone)
            raise _OverError
        seen, member, began = min(self.at, self.world.now), self.start.member, self.start.at
        goal = self.definition.goal
        if goal is not None and self.world.holds(goal, member, began=began, at=seen):
            self.finish(State.REACHED_GOAL, at=seen)
            raise _OverError
        if any(self.world.holds(one, member, began=began, at=seen) for one in self.definition.exits):
            self.finish(State.LEFT, at=seen)
            raise _OverError
        if self.at > self.world.now:
            raise _OverError


def _place_of(steps: tuple[Step, ...], wanted: str) -> int:
    """Which of these steps is, or holds, the one of this id; -1 where none does."""
    for place, step in enumerate(steps):
        arms = (step.then, step.other) if isinstance(step, Branch | Until) else ()
        if step.id == wanted or any(_place_of(arm, wanted) >= 0 for arm in arms):
            return place
    return -1
