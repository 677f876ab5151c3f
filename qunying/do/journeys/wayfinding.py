"""The way through a definition: which step comes after which, and when it is due. Pure: nothing is read or written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qunying.do.journeys.definition import SEGMENT_ENTERED, Branch, Say, Until, Wait, Welcome
from qunying.do.journeys.reading import read_definition
from qunying.plan.schedule.days import move

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from qunying.do.journeys.definition import Definition, Step
    from qunying.do.journeys.models import Version

_KEPT = 256
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Way:
    """The steps of a definition by id, `first`, and for each step the one `after` it; None is the end.

    The last step of a branch leads to what stands behind the branch. `by_traits` are the steps that are met because
    of what is known of a person.
    """

    definition: Definition
    first: str | None
    steps: dict[str, Step] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)
    by_traits: frozenset[str] = frozenset()

    def inside(self, step: Until | Branch, *, holds: bool) -> str | None:
        """Where a fork leads: into one of its two lists, or past it where that is empty."""
        steps = step.then if holds else step.other
        return steps[0].id if steps else self.after[step.id]


def way_of(definition: Definition) -> Way:
    """The way through a definition."""
    way = Way(definition, definition.steps[0].id if definition.steps else None)
    _lay(definition.steps, None, way)
    chosen = definition.trigger.on == SEGMENT_ENTERED or definition.only_if is not None
    forked = {one.id for step in definition.all_steps() if isinstance(step, Until | Branch) for one in _within(step)}
    return Way(definition, way.first, way.steps, way.after, frozenset(way.steps if chosen else forked))


def _within(step: Until | Branch) -> list[Step]:
    found: list[Step] = []
    for one in (*step.then, *step.other):
        found += [one, *(_within(one) if isinstance(one, Until | Branch) else ())]
    return found


def _lay(steps: Sequence[Step], behind: str | None, way: Way) -> None:
    for place, step in enumerate(steps):
        following = steps[place + 1].id if place + 1 < len(steps) else behind
        way.steps[step.id], way.after[step.id] = step, following
        if isinstance(step, Until | Branch):
            _lay(step.then, following, way)
            _lay(step.other, following, way)


_ways: dict[str, Way] = {}


def way_through(version: Version) -> Way:
    """The way through a version; read once in each process, for what a hash names never changes."""
    if version.content_hash not in _ways:
        if len(_ways) >= _KEPT:
            _ways.clear()
        _ways[version.content_hash] = way_of(read_definition(version.definition))
    return _ways[version.content_hash]


def due_of(step: Step, now: datetime, zone: ZoneInfo) -> datetime:
    """When a step is due that is come to now (aware): a wait when it is over, a watch when it gives up, others now."""
    if isinstance(step, Until):
        return now + step.days * _DAY
    return wait_over(step, now, zone) if isinstance(step, Wait) else now


def wait_over(step: Wait, now: datetime, zone: ZoneInfo) -> datetime:
    """When a wait is over that begins now: days by the calendar of the zone, then the time of day, then the day.

    A time of day that is over already is the next day's.
    """
    local = (now + timedelta(hours=step.hours)).astimezone(zone)
    day, at = local.date() + step.days * _DAY, step.at or local.time()
    if step.at is not None and datetime.combine(day, at, tzinfo=zone) <= local:
        day += _DAY
    return datetime.combine(move(day, step.on), at, tzinfo=zone)


def sends(step: Step | None) -> bool:
    """Whether a step hands words to reach."""
    return isinstance(step, Welcome | Say)
