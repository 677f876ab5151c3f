"""The straight path of a goal, and how its status follows from where it stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from qunying.check.tracking.models import Status, Why
from qunying.plan.goals.models import Goal
from qunying.plan.goals.readings import Reading, reading_of

if TYPE_CHECKING:
    from datetime import date

TOLERANCE = 0.05
"""How far behind the path a goal may be and still count as within tolerance."""
_A_WEEK = 7
_WHOLE = {Goal.Unit.PEOPLE, Goal.Unit.FACTS, Goal.Unit.ORDERS}


@dataclass(frozen=True, slots=True)
class Path:
    """From where to where a goal goes; numbers in its unit. `begin` is None where no baseline is known."""

    start: date
    due: date
    begin: float | None
    target: float
    up: bool
    total: bool
    whole: bool = False
    """Whether it counts people or things, of which there is no part."""
    by_hand: bool = False
    """Whether a person measures it: what they call reached, is."""

    def at(self, day: date) -> float:
        """Where the goal should be when `day` ends: on the straight line, or at its target where it has no beginning.

        A goal that set out beyond its target is to hold it.
        """
        if self.begin is None or self.holds:
            return self.target
        return self.begin + (self.target - self.begin) * self.elapsed(day) / self.days

    @property
    def days(self) -> int:
        """How many days the goal runs."""
        return (self.due - self.start).days + 1

    def elapsed(self, day: date) -> int:
        """How many of its days are over when `day` ends."""
        return max(0, min((day - self.start).days + 1, self.days))

    @property
    def holds(self) -> bool:
        """Whether the goal had its target when it began."""
        return not self.total and self.begin is not None and self.met(self.begin)

    @property
    def is_bound(self) -> bool:
        """Whether the target is a bound to keep to until the due day, which nobody has reached before it is over.

        So is every "at most"; and "at least" where the goal had it from the beginning, or no beginning is known.
        """
        return not self.up or self.holds or (self.begin is None and not self.by_hand)

    @property
    def has_way(self) -> bool:
        """Whether it leads anywhere: a bound that is only to be kept does not."""
        return self.total or (self.begin is not None and not self.holds)

    def room(self, value: float) -> float | None:
        """How much is left between the value and its bound, in the goal's unit; below 0 it lies beyond.

        None where it is no bound, or one to which a way is still to be gone: there `share` says how far.
        """
        if not self.is_bound or (self.has_way and not self.total and not self.met(value)):
            return None
        return value - self.target if self.up else self.target - value

    def met(self, value: float) -> bool:
        """Whether the value is the target or better."""
        return value >= self.target if self.up else value <= self.target

    def deviation(self, value: float, day: date) -> float | None:
        """How far the value is ahead of the path, as a share of it; below 0 is behind. None where the path is at 0."""
        expected = self.at(day)
        ahead = value - expected if self.up else expected - value
        if expected == 0:
            return 0.0 if ahead >= 0 else None
        return ahead / abs(expected)

    def share(self, value: float) -> float | None:
        """How much of the way is done, from 0 to 1; None where there is none, and `room` says what is left."""
        if self.room(value) is not None:
            return None
        begin = 0.0 if self.begin is None else self.begin
        way = self.target - begin
        return 1.0 if self.met(value) or way == 0 else max(0.0, min(1.0, (value - begin) / way))


def path_of(goal: Goal) -> Path | None:
    """The path of the goal; None while it has no target."""
    if goal.target is None:
        return None
    total = reading_of(goal.metric) is Reading.TOTAL
    begin = 0.0 if total else None if goal.baseline is None else float(goal.baseline)
    up = goal.direction == Goal.Direction.UP
    whole = goal.unit in _WHOLE
    return Path(goal.start, goal.due, begin, float(goal.target), up, total, whole=whole, by_hand=goal.by_hand)


def too_early(path: Path, day: date) -> bool:
    """Whether a total is too young to judge: before a week is over, or a third of a goal shorter than three weeks.

    A few days of a total say more about their weekdays than about the goal.
    """
    return path.total and path.elapsed(day) < min(_A_WEEK, ceil(path.days / 3)) and day < path.due


def status_of(path: Path, value: float, day: date, *, flexibility: float) -> tuple[Status, Why | None]:
    """The status on a day: by the path before the due day, by the target on it (decision 0125)."""
    if day >= path.due:
        return _final(path, value, flexibility), None
    if path.total and not path.up and not path.met(value):
        return Status.MISSED, None
    if path.met(value) and not path.is_bound:
        return Status.REACHED, None
    if too_early(path, day):
        return Status.UNMEASURED, Why.EARLY
    return _under_way(path, value, day), None


def _under_way(path: Path, value: float, day: date) -> Status:
    deviation = path.deviation(value, day)
    if deviation is not None and deviation >= 0:
        return Status.ON_COURSE
    # Nobody is behind by half a person: with small numbers that would be many per cent.
    within = deviation is not None and deviation >= -TOLERANCE
    return Status.WITHIN if within or (path.whole and abs(value - path.at(day)) < 1) else Status.OFF_COURSE


def _final(path: Path, value: float, flexibility: float) -> Status:
    if path.met(value):
        return Status.REACHED
    short = abs(value - path.target)
    return Status.NEAR if short <= flexibility * abs(path.target) else Status.MISSED
