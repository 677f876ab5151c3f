"""The port for what a platform tells later of an order that a person has to confirm there.

A connector whose `perform` answers `Done(external_id, awaits_person=True)` may register, in `AppConfig.ready()`:

    register_teller("wecom", WeComTeller())

It is asked now and then, with growing pauses, about orders nobody knows the end of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account


@dataclass(frozen=True, slots=True)
class Laid:
    """An order that lies before a person: its `key`, the id the platform gave, and to whom it is to go."""

    key: str
    external_id: str
    group: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the order of this `key`: it reached its group or person, or never will. It is final.

    `at` is when (aware UTC), where the platform says so; `words` say why it never will and what to do, best lazy.
    """

    key: str
    arrived: bool
    at: datetime | None = None
    words: str | _StrPromise = ""


class Teller(Protocol):
    """Who asks the platform. Calls may take seconds, are never made in a transaction, and raise as `perform` does."""

    def outcomes(self, account: Account, laid: Sequence[Laid]) -> Iterable[Outcome]:
        """What has come to an end of these orders, at most 100 of one account; silence about those still open."""

    def take_back(self, account: Account, laid: Laid) -> None:
        """Have the platform forget an order nobody confirmed yet; RefusedError where it does not (any more)."""


_tellers: dict[str, Teller] = {}


def register_teller(platform: str, teller: Teller) -> None:
    """Have the platform asked what became of orders that people confirm there."""
    _tellers[platform] = teller


def teller_of(platform: str) -> Teller | None:
    """Who tells it; None where a person has to say it here."""
    return _tellers.get(platform)


def telling_platforms() -> list[str]:
    """The short names of the platforms that tell it."""
    return sorted(_tellers)
