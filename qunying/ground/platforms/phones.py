"""The port for what reaches colleagues on their phones: cards with a button, pressed there, told back here.

A connector registers what carries cards, and an app what a press on one of its cards does:

    register_carrier("wecom", WeComCarrier())
    register_presser("hand_task", press)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.platforms.models import Account


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a card, in its reader's language: a title, a text, the button, and where to look ('': nowhere)."""

    title: str
    text: str
    button: str
    url: str = ""


class Carrier(Protocol):
    """What carries cards. Takes seconds, is never called in a transaction, raises as a connector's `perform` does."""

    def ready(self, account: Account) -> bool:
        """Whether the account is set up for it."""

    def send(self, account: Account, name: str, key: str, words: Words) -> str:
        """Bring a card to the colleague the platform calls `name`; what it takes to change the card later."""

    def close(self, account: Account, name: str, handle: str, words: str) -> None:
        """Have these words stand on the card in place of the button."""


_carriers: dict[str, Carrier] = {}
_pressers: dict[str, Callable[[Staff, str], str]] = {}


def register_carrier(platform: str, carrier: Carrier) -> None:
    """Have cards on this platform carried by this."""
    _carriers[platform] = carrier


def carrier_of(platform: str) -> Carrier | None:
    """What carries cards there; None where nothing does."""
    return _carriers.get(platform)


def carrying_platforms() -> list[str]:
    """The short names of the platforms on which cards are carried."""
    return sorted(_carriers)


def register_presser(kind: str, press: Callable[[Staff, str], str]) -> None:
    """Have `press(staff, subject)` do what a press on a card of this kind means; it gives a few words for the card.

    It checks that this person may, and raises QunyingError where it cannot be done.
    """
    _pressers[kind] = press


def presser_of(kind: str) -> Callable[[Staff, str], str] | None:
    """What a press on a card of this kind does."""
    return _pressers.get(kind)
