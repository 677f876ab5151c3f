"""The port by which apps say what they hold of people: how it is told, what erasure does with it.

An app whose tables refer to a member or an identity registers a holding for them in `AppConfig.ready()`;
a test fails for a table nobody speaks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.functional import _StrPromise

    from qunying.ground.members.models import Member


def _nothing(_member: Member) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing held of a person.

    `models` are the labels (`app.Model`) of the tables it speaks for. `tell` gives rows for the export,
    plain values by name. `erase` removes or empties the person's rows inside the transaction of an
    erasure and says how many; None keeps them, for the reason in `kept`. `called` and `reached` give names and ways
    to reach the person that stand in this kind alone: an erasure looks for these everywhere, too.
    """

    name: str
    label: _StrPromise
    models: tuple[str, ...]
    tell: Callable[[Member], Iterable[dict[str, Any]]]
    erase: Callable[[Member], int] | None = None
    kept: _StrPromise | str = ""
    called: Callable[[Member], Iterable[str]] = _nothing
    reached: Callable[[Member], Iterable[str]] = _nothing


_holdings: dict[str, Holding] = {}


def register_holding(holding: Holding) -> None:
    """Make a holding known; the same name again replaces it."""
    _holdings[holding.name] = holding


def all_holdings() -> list[Holding]:
    """Every holding, in the order in which they were registered: the order of the export."""
    return list(_holdings.values())
