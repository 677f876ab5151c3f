"""One member's way through a definition as it would have been: pure, told what came of each word it wanted to say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from qunying.do.journeys.definition import END, WAIT, Again, Branch, End, Say, Until, Wait, Welcome
from qunying.do.journeys.models import Traveller
from qunying.do.journeys.wayfinding import wait_over, way_of

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

    from qunying.do.journeys.definition import Definition, Step
    from qunying.do.journeys.simulation_world import World
    from qunying.do.journeys.wayfinding import Way

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


def walking(definition: Definition, start: Start, world: World) -> Generator[Asked, Answer, Walk]:
    """Walk until the journey is over or the present is reached; yields words that want to leave, is sent the answer."""
    walker = _Walker(way_of(definition), start, world)
    try:
        yield from walker.go()
        walker.finish(State.ENDED)
    except _OverError:
        pass
    return walker.walk


class _OverError(Exception):
    """The journey is over for this member, or the present is reached."""


class _Walker:
    """Goes one way; `at` is where it stands in time."""

    def __init__(self, way: Way, start: Start, world: World) -> None:
        self.way, self.start, self.world = way, start, world
        self.at = start.at
        self.walk = Walk(start)
        self._rounds: Counter[str] = Counter()
        self._gone = world.left_at(start.member, start.at)

    def finish(self, state: str, *, at: datetime | None = None) -> None:
        """Note how it ended, and when."""
        self.walk.state, self.walk.ended_at = state, at or self.at

    def go(self) -> Generator[Asked, Answer]:
        """Step after step, to the end."""
        place = self.way.first
        while place is not None:
            step = self.way.steps[place]
            self._look_around()
            place = self.way.after[step.id]
            if isinstance(step, Say | Welcome):
                answer = yield Asked(self.at, step)
                self._said(step, answer)
            elif isinstance(step, Wait):
                self._met(step)
                self._go_to(wait_over(step, self.at, self.world.zone))
            elif isinstance(step, Branch | Until):
                place = self.way.inside(step, holds=self._answer(step))
            elif isinstance(step, Again):
                place = self._back(step, place)
            else:
                self._met(step)
                place = None if isinstance(step, End) else place

    def _said(self, step: Say | Welcome, answer: Answer) -> None:
        self._met(step)
        if step.if_held == WAIT:
            # What never leaves is waited for to this day.
            self._go_to(answer.at if answer.left else self.world.now + _DAY)
        elif step.if_held == END and not answer.left:
            self.finish(State.LEFT)
            raise _OverError

    def _answer(self, step: Branch | Until) -> bool:
        """Which way it takes; for a watch, time passes until the condition holds, or until it gives up."""
        member, began = self.start.member, self.start.at
        if isinstance(step, Branch):
            yes = self.world.holds(step.asked, member, began=began, at=self.at)
            self._met(step, "then" if yes else "else")
            return yes
        limit = self.at + step.days * _DAY
        turns = self.world.turns(member, self.at, min(limit, self.world.now))
        met = next((at for at in turns if self.world.holds(step.asked, member, began=began, at=at)), None)
        open_still = met is None and limit > self.world.now
        self._met(step, "" if open_still else "then" if met else "else")
        self._go_to(met or limit)
        return met is not None

    def _back(self, step: Again, following: str | None) -> str | None:
        self._met(step)
        self._rounds[step.id] += 1
        return step.to if self._rounds[step.id] <= step.most else following

    def _met(self, step: Step, took: str = "") -> None:
        self.walk.met.append((step.id, self.at, took))

    def _go_to(self, at: datetime) -> None:
        """Let time pass; where somebody leaves meanwhile or the present is reached, it is over."""
        self.at = max(self.at, at)
        self._look_around()

    def _look_around(self) -> None:
        seen, member, began = min(self.at, self.world.now), self.start.member, self.start.at
        asked = self.way.definition
        if self._gone is not None and self._gone <= seen:
            self.finish(State.LEFT, at=self._gone)
            raise _OverError
        if asked.goal is not None and self.world.holds(asked.goal, member, began=began, at=seen):
            self.finish(State.REACHED_GOAL, at=seen)
            raise _OverError
        if any(self.world.holds(one, member, began=began, at=seen) for one in asked.exits):
            self.finish(State.LEFT, at=seen)
            raise _OverError
        if self.at > self.world.now:
            raise _OverError
