"""The port by which a platform tells who opens a page of ours inside its app (OAuth).

The browser is sent to the platform with a `state` of ours and comes back with that and a code that works once. What
is checked of both is the door's business; a connector only knows the addresses and what the code is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.platforms.models import Account

STATE_LETTERS = 32
"""Platforms take letters and digits alone, 128 at most."""


@dataclass(frozen=True, slots=True)
class Introduced:
    """Who it is: the platform's own id, and the one across its apps where it tells that."""

    external_id: str
    union_id: str = ""


@dataclass(frozen=True, slots=True)
class Introducer:
    """How one platform introduces people.

    `is_here` says of a browser whether it is the platform's own. `ask` gives the address to which it is sent, of an
    account, the address to come back to, and the state. `who` gives what a code is worth, and raises as `perform`.
    """

    platform: str
    is_here: Callable[[str], bool]
    ask: Callable[[Account, str, str], str]
    who: Callable[[Account, str], Introduced]


_introducers: dict[str, Introducer] = {}


def register_introducer(introducer: Introducer) -> None:
    """Have accounts of the platform introduce people."""
    _introducers[introducer.platform] = introducer


def introducer_of(platform: str) -> Introducer | None:
    """Who introduces people of the platform; None where nobody does."""
    return _introducers.get(platform)


def introducers_in(agent: str) -> list[str]:
    """The platforms whose own browser this is and which introduce people."""
    return sorted(name for name, one in _introducers.items() if one.is_here(agent))
