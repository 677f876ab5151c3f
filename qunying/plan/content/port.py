"""The port of lost approvals: later apps hear that an entry is not approved any more, in the transaction that did it.

register_voided("publishing", hold_unapproved)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.audit.actors import Actor
    from qunying.plan.content.models import Entry

_heard: dict[str, Callable[[Entry, Actor], object]] = {}


def register_voided(name: str, hear: Callable[[Entry, Actor], object]) -> None:
    """Have this called with an entry that was written anew or dropped, and who did it; the same name replaces it."""
    _heard[name] = hear


def tell_voided(entry: Entry, *, by: Actor) -> None:
    """Tell everybody who has to know that whatever approval the entry had is lost."""
    for hear in _heard.values():
        hear(entry, by)
