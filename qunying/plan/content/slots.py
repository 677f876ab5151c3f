"""Two entries for one group at one time: told before members are told twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, time

    from qunying.plan.content.models import Entry

NEAR = timedelta(minutes=30)
"""Entries closer than this crowd one another out in a chat."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two entries that go to the same people within half an hour; `groups` are the names of those, () for all."""

    first: Entry
    second: Entry
    groups: tuple[str, ...]


def clashes(entries: Iterable[Entry]) -> list[Clash]:
    """The pairs that clash, in the order of their slots. Entries without a day or a time clash with none.

    `groups` of the entries should be prefetched. An entry without groups goes to every group.
    """
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.slot_day is not None and entry.slot_time is not None:
            by_day[entry.slot_day].append(entry)
    found: list[Clash] = []
    for _day, there in sorted(by_day.items()):
        ordered = sorted(there, key=lambda entry: (entry.slot_time, entry.pk))
        pairs = (_clash(first, second) for first, second in combinations(ordered, 2))
        found += [clash for clash in pairs if clash is not None]
    return found


def _clash(first: Entry, second: Entry) -> Clash | None:
    if _minute(second.slot_time) - _minute(first.slot_time) >= NEAR:
        return None
    one, other = ({group.name for group in entry.groups.all()} for entry in (first, second))
    if one and other and not one & other:
        return None
    return Clash(first, second, tuple(sorted(one & other or one or other)))


def _minute(at: time | None) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute) if at else timedelta()
