"""The port for what platforms send: a connector names who takes the callbacks of its platform.

The door (`doors/callbacks`) finds the account, bounds the body, and answers with what the handler says. The handler
proves that the platform sent it, and answers only when everything is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qunying.ground.platforms.models import Account


@dataclass(frozen=True, slots=True)
class Callback:
    """A request of a platform: `path` is what stands behind the account's own address, header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What stands behind the question mark; of a name that stands there twice, the last."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform is answered: `content` as JSON, or `text` as it stands, where there is one."""

    status: int
    content: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a platform's callbacks. `take` is given None where there is no such account, and refuses it.

    `refuse` words what the door itself refuses (too large a body, the store busy) as the platform expects it.
    """

    most_bytes: int
    take: Callable[[Account | None, Callback], Answer]
    refuse: Callable[[int], Answer]


_takers: dict[str, Taker] = {}


def register_taker(platform: str, taker: Taker) -> None:
    """Have the callbacks of the platform taken."""
    _takers[platform] = taker


def taker_of(platform: str) -> Taker | None:
    """Who takes the callbacks of the platform; None where it sends none."""
    return _takers.get(platform)


def callback_path(account: Account) -> str:
    """Where the platform reaches this account, below the installation's own address."""
    return f"/callbacks/{account.platform}/{account.pk}"


def callback_address(account: Account, path: str = "") -> str:
    """Where the platform reaches this account, `path` behind it; '' where nobody said where this installation stands.

    The account's own setting `address` comes before the installation's.
    """
    base = str(account.settings.get("address") or settings.PUBLIC_URL).rstrip("/")
    return f"{base}{callback_path(account)}{f'/{path}' if path else ''}" if base else ""
