"""The port of changed entries: later apps hear of a lost approval or another slot, in the transaction that did it.

register_voided("publishing", hold_unapproved)
register_moved("publishing", follow_slot)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, time

    from qunying.ground.audit.actors import Actor
    from qunying.plan.content.models import Entry


class Slot(NamedTuple):
    """When an entry is to go out, in its community's local time; either may not be known yet."""

    day: date | None
    time: time | None


_heard: dict[str, Callable[[Entry, Actor], object]] = {}
_moved: dict[str, Callable[[Entry, Slot, Actor], object]] = {}


def register_voided(name: str, hear: Callable[[Entry, Actor], object]) -> None:
    """Have this called with an entry that was written anew or dropped, and who did it; the same name replaces it."""
    _heard[name] = hear


def tell_voided(entry: Entry, *, by: Actor) -> None:
    """Tell everybody who has to know that whatever approval the entry had is lost."""
    for hear in _heard.values():
        hear(entry, by)


def slot_of(entry: Entry) -> Slot:
    """When the plan says that it goes out."""
    return Slot(entry.slot_day, entry.slot_time)


def register_moved(name: str, hear: Callable[[Entry, Slot, Actor], object]) -> None:
    """Have this called with an entry on its new slot, the slot it had, and who moved it; the same name replaces it.

    What it raises keeps the entry where it was.
    """
    _moved[name] = hear


def tell_moved(entry: Entry, *, before: Slot, by: Actor) -> None:
    """Tell everybody who has to follow that the entry goes out at another time; nothing where the slot is the same."""
    if slot_of(entry) != before:
        for hear in _moved.values():
            hear(entry, before, by)
