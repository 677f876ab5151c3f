"""The port by which a connector says through which account a single person can be written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_finders: list[Callable[[Collection[int]], Mapping[int, int]]] = []


def register_direct(find: Callable[[Collection[int]], Mapping[int, int]]) -> None:
    """Have `find(identity ids)` asked for the ids of accounts, by identity; identities it knows nothing of are left."""
    _finders.append(find)


def direct_accounts(identities: Collection[int]) -> dict[int, int]:
    """The account through which each of these identities can be written to, where any connector knows one."""
    found: dict[int, int] = {}
    for find in _finders if identities else []:
        found = {**find(identities), **found}
    return found
