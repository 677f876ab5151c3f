"""Accounts and their groups for callbacks: who was found is taken for the same for one second (decision 0142)."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from cachetools import TTLCache

from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.queries import account_called

if TYPE_CHECKING:
    from collections.abc import Collection

    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account

HOLDS = 1.0
"""Seconds for which a changed secret, or a group that was untied, still counts as it was."""


def _now() -> float:
    return monotonic()


_accounts: TTLCache[tuple[str, int], Account] = TTLCache(maxsize=1_000, ttl=HOLDS, timer=_now)
_groups: TTLCache[tuple[int, str], Group] = TTLCache(maxsize=10_000, ttl=HOLDS, timer=_now)
_lock = Lock()


def account_lately(platform: str, pk: int) -> Account | None:
    """As `account_called`; what is not there is asked for again every time."""
    with _lock:
        known = _accounts.get((platform, pk))
    if known is not None:
        return known
    found = account_called(platform, pk)
    if found is not None:
        with _lock:
            _accounts[platform, pk] = found
    return found


def groups_lately(account: Account, names: Collection[str]) -> dict[str, Group]:
    """The groups tied to the account by the platform's ids, with their communities; ids that are none are left out."""
    with _lock:
        known = {name: group for name in names if (group := _groups.get((account.pk, name))) is not None}
    missing = [name for name in names if name not in known]
    if not missing:
        return known
    found = {group.external_id: group for group in groups_through(account).filter(external_id__in=missing)}
    with _lock:
        _groups.update({(account.pk, name): group for name, group in found.items()})
    return known | found


def forget() -> None:
    """Ask for everything again."""
    with _lock:
        _accounts.clear()
        _groups.clear()
