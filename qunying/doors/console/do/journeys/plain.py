"""Changing the plain form of a definition: putting a step in, taking one away, moving it, writing it anew.

A place says where in the tree: `2` before the third step, `2.then.0` at the beginning of its first way.
Every function gives a new form and leaves the one it was given as it is.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Iterator

Plain = dict[str, Any]
ARMS = ("then", "else")
"""The ways on from a step that asks: what holds, what does not."""
_DEEPEST = 5


def put_in(plain: Plain, place: str, step: Plain) -> Plain:
    """With the step at the place; its id is a new one."""
    changed = deepcopy(plain)
    lane, number = _lane(changed, place)
    lane.insert(number, step | {"id": _fresh(changed)})
    return changed


def written(plain: Plain, name: str, step: Plain) -> Plain:
    """With the step of this id written anew; the ways on from it stay."""
    changed = deepcopy(plain)
    lane, number = _found(changed, name)
    kept = {arm: lane[number][arm] for arm in ARMS if arm in lane[number]}
    lane[number] = step | {"id": name} | kept
    return changed


def taken_out(plain: Plain, name: str) -> Plain:
    """Without the step of this id, and without what hangs on it."""
    changed = deepcopy(plain)
    lane, number = _found(changed, name)
    del lane[number]
    return changed


def moved(plain: Plain, name: str, *, by: int) -> Plain:
    """With the step so many places further down (or up) on its own way; at an end it stays."""
    changed = deepcopy(plain)
    lane, number = _found(changed, name)
    step = lane.pop(number)
    lane.insert(max(0, min(len(lane), number + by)), step)
    return changed


def step_named(plain: Plain, name: str) -> Plain:
    """The step of this id; raises QunyingError where there is none any more."""
    lane, number = _found(plain, name)
    return lane[number]


def all_steps(steps: list[Plain]) -> Iterator[Plain]:
    """Every step in the order of reading, those of both ways too."""
    for step in steps:
        yield step
        for arm in ARMS:
            yield from all_steps(step.get(arm, []))


def lane_of(plain: Plain, place: str) -> list[Plain]:
    """The steps among which a place lies; raises QunyingError where there is no such place."""
    return _lane(plain, place)[0]


def _lane(plain: Plain, place: str) -> tuple[list[Plain], int]:
    parts = place.split(".")
    lane: list[Plain] = plain["steps"]
    *way, last = parts
    for number, arm in zip(way[::2], way[1::2], strict=False):
        at = to_id(number)
        if at is None or at >= len(lane) or arm not in ARMS or arm not in lane[at]:
            raise _gone()
        lane = lane[at][arm]
    at = to_id(last)
    if at is None or at > len(lane) or len(parts) % 2 == 0 or len(parts) > 2 * _DEEPEST + 1:
        raise _gone()
    return lane, at


def _found(plain: Plain, name: str) -> tuple[list[Plain], int]:
    def look(lane: list[Plain]) -> tuple[list[Plain], int] | None:
        for number, step in enumerate(lane):
            if step["id"] == name:
                return lane, number
            for arm in ARMS:
                inner = look(step.get(arm, []))
                if inner is not None:
                    return inner
        return None

    found = look(plain["steps"])
    if found is None:
        raise _gone()
    return found


def _fresh(plain: Plain) -> str:
    used = {step["id"] for step in all_steps(plain["steps"])} | set(plain.get("used", ()))
    number = len(used) + 1
    while f"s{number}" in used:
        number += 1
    return f"s{number}"


def _gone() -> QunyingError:
    return QunyingError(_("This step is not there any more. Load the page again."))
