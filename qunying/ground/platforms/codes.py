"""The port for codes that a platform makes itself and that say by which channel somebody came.

A connector registers a coder; whoever keeps channels asks it for a code under the channel's key. The platform hands
that key back with everyone who comes by the code, and the connector writes it down with the joining. A lost answer
leaves at worst a code that nobody has seen, so making one may simply be asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account

GROUPS, COLLEAGUES = "groups", "colleagues"
"""What a code can lead to: groups of the account (the platform's ids), or colleagues (theirs)."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of code that an account can make: to what it leads, to how many at most, and how long a key may be.

    `most_key` counts letters, or bytes in UTF-8 where `key_in_bytes`. `choice` is a question that can be answered
    with yes, '' where there is none.
    """

    kind: str
    label: _StrPromise
    help: _StrPromise
    leads_to: str
    most: int
    most_key: int
    key_in_bytes: bool = False
    choice: _StrPromise | str = ""
    choice_help: _StrPromise | str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A code that is wanted: its kind, the channel's key and name, to whom or what it leads, the answer of `choice`."""

    kind: str
    key: str
    name: str
    targets: Sequence[str]
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A code as the platform made it: its id there, the address it stands for, the picture where there is one."""

    external_id: str
    address: str
    picture: bytes = field(default=b"", repr=False)


class Coder(Protocol):
    """Who makes codes at one platform. Everything but `offers` asks over the network and raises as a connector does."""

    platform: str

    def offers(self, account: Account, *, community: str) -> Sequence[Offer]:
        """The kinds of code whose people would be counted in the community of this short name."""

    def colleagues(self, account: Account) -> Mapping[str, str]:
        """Colleagues to whom a code may lead: id → name."""

    def allowance(self, account: Account, kind: str) -> Sequence[tuple[str | _StrPromise, int]]:
        """What is left of what the platform allows or sells, in words and numbers; empty where it sets no bound."""

    def make(self, account: Account, wish: Wish) -> Made:
        """Make it."""

    def change(self, account: Account, external_id: str, wish: Wish) -> None:
        """Have a code lead elsewhere; its key and its picture stay."""

    def drop(self, account: Account, kind: str, external_id: str) -> None:
        """Have it lead nowhere for good; one that is gone already is well."""

    def standing(self, account: Account, kind: str, external_ids: Collection[str]) -> set[str]:
        """Those of the codes that the platform still has."""

    def told(self, account: Account, kind: str, external_id: str) -> Sequence[tuple[str | _StrPromise, int]]:
        """What the platform itself counts of a code, in words and numbers; empty where it counts nothing."""


_coders: dict[str, Coder] = {}


def register_coder(coder: Coder) -> None:
    """Have codes of the platform made by this."""
    _coders[coder.platform] = coder


def coder_of(platform: str) -> Coder | None:
    """Who makes codes at the platform; None where nobody does."""
    return _coders.get(platform)


def coded_platforms() -> list[str]:
    """The platforms at which codes can be made."""
    return sorted(_coders)
