"""A definition as a graph: which step follows which, where nobody ever comes, where somebody could turn in circles."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from qunying.do.journeys.definition import Again, Branch, End, Until, Wait

if TYPE_CHECKING:
    from qunying.do.journeys.definition import Definition, Step

OVER = ""
"""What follows the last step: the journey is over."""

Ways = dict[str, tuple[str, ...]]


def ways_of(definition: Definition) -> Ways:
    """The ids of the steps that may come next, by the id of each step; `OVER` where the journey may end there."""
    found: Ways = {}
    _walk(definition.steps, OVER, found)
    return found


def _walk(lane: tuple[Step, ...], after: str, found: Ways) -> None:
    for place, step in enumerate(lane):
        following = lane[place + 1].id if place + 1 < len(lane) else after
        found[step.id] = _next(step, following)
        if isinstance(step, Branch | Until):
            _walk(step.then, following, found)
            _walk(step.other, following, found)


def _next(step: Step, following: str) -> tuple[str, ...]:
    if isinstance(step, End):
        return (OVER,)
    if isinstance(step, Again):
        return (step.to, following)
    if isinstance(step, Branch | Until):
        return tuple(dict.fromkeys(lane[0].id if lane else following for lane in (step.then, step.other)))
    return (following,)


def reached_in(definition: Definition) -> frozenset[str]:
    """Ids of the steps to which some way leads."""
    return _from(definition.steps[0].id, ways_of(definition)) if definition.steps else frozenset()


def _from(start: str, ways: Ways, *, past: frozenset[str] = frozenset()) -> frozenset[str]:
    """Everything to which a way leads from there, not going past some steps; the start itself is among it."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        step = todo.pop()
        if step == OVER or step in seen:
            continue
        seen.add(step)
        if step not in past:
            todo.extend(ways[step])
    return frozenset(seen)


def first_unreached(definition: Definition) -> list[str]:
    """Ids of the steps to which no way leads, of each stretch of them the first."""
    reached = reached_in(definition)
    return [step for lane in _lanes(definition.steps) for step in _first(lane, reached)]


def _first(lane: tuple[Step, ...], reached: frozenset[str]) -> list[str]:
    # Only what stands behind something can be cut off by it; the beginning of a way is cut off with what it hangs on.
    pairs = pairwise(lane)
    return [step.id for before, step in pairs if before.id in reached and step.id not in reached]


def _lanes(lane: tuple[Step, ...]) -> list[tuple[Step, ...]]:
    inner = [arm for step in lane if isinstance(step, Branch | Until) for arm in (step.then, step.other)]
    return [lane, *(found for arm in inner for found in _lanes(arm))]


def circles(definition: Definition) -> list[str]:
    """Ids of the steps that lead back on a way on which nobody waits."""
    ways = ways_of(definition)
    resting = frozenset(step.id for step in definition.all_steps() if rests(step))
    reached = reached_in(definition)
    # What rests is not gone past: a way that leads to the step again without one is a circle.
    return [
        step.id
        for step in definition.all_steps()
        if isinstance(step, Again) and step.id in reached and step.id in _from(step.to, ways, past=resting)
    ]


def rests(step: Step) -> bool:
    """Whether time passes here for certain: a day that is today already is no wait."""
    return isinstance(step, Until) or (isinstance(step, Wait) and bool(step.days or step.hours or step.at))


def pointless(definition: Definition) -> list[str]:
    """Ids of the branches both ways of which lead on at once."""
    return [step.id for step in definition.all_steps() if isinstance(step, Branch) and not step.then and not step.other]
