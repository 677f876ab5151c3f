"""The port for what a platform allows each group or person in a calendar month, known before anything is sent.

Beside `Limit`, which paces calls: a quota that is used up is not waited for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from zoneinfo import ZoneInfo

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Action


@dataclass(frozen=True, slots=True)
class Quota:
    """How often these actions may reach each group or person in a month of `zone`.

    `most(account, day)` says it for the month of a day.
    """

    actions: frozenset[Action]
    zone: ZoneInfo
    most: Callable[[Account, date], int]


_quotas: dict[str, Quota] = {}


def register_quota(platform: str, quota: Quota) -> None:
    """Have this counted for every account of the platform."""
    _quotas[platform] = quota


def quota_of(platform: str, action: str) -> Quota | None:
    """What holds for this action there; None where the platform sets no month's measure."""
    found = _quotas.get(platform)
    return found if found is not None and action in found.actions else None
