"""The port for people who ask to be let into a group: connectors tell of them, whoever admits people registers here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from qunying.ground.groups.models import Group
    from qunying.ground.members.services import Who


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Somebody asks to be let in: `name` is the request's own at the platform, `words` what they wrote.

    `sort` is handed back to the connector with the answer. `at` is an aware time.
    """

    group: Group
    who: Who
    name: str
    at: datetime
    words: str = ""
    sort: str = ""


_takers: list[Callable[[JoinRequest], object]] = []


def register_join_taker(take: Callable[[JoinRequest], object]) -> None:
    """Be told of everybody who asks; the same request may be told more than once."""
    if take not in _takers:
        _takers.append(take)


def tell_join_request(request: JoinRequest) -> None:
    """Tell whoever wants to know. When it returns, it is stored."""
    for take in _takers:
        take(request)
