"""The port for orders that a platform takes together, so that a person confirms one thing instead of many.

A connector registers in `AppConfig.ready()` which of its actions go together:

    register_bundler("wecom", Bundler(frozenset({Action.SEND}), most=500, perform=offer_together))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Action, Done, Order
    from qunying.kit.errors import QunyingError


@dataclass(frozen=True, slots=True)
class Bundler:
    """`perform(account, orders)` does orders of one action with the same words and pictures, `most` at a time.

    It tells by the key of each what came of it: Done, or one of the errors that a connector's `perform` raises. It is
    never called in a transaction; what it raises counts for all of them, and silence about one counts as unknown.
    """

    actions: frozenset[Action]
    most: int
    perform: Callable[[Account, Sequence[Order]], Mapping[str, Done | QunyingError]]


_bundlers: dict[str, Bundler] = {}


def register_bundler(platform: str, bundler: Bundler) -> None:
    """Have orders for this platform done together."""
    _bundlers[platform] = bundler


def bundler_of(platform: str, action: str) -> Bundler | None:
    """Who does orders of this action together there; None where each goes alone."""
    found = _bundlers.get(platform)
    return found if found is not None and action in found.actions else None
