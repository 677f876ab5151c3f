"""The ports of reach: later apps register guards of their own, and say which content was approved.

    register_guard(Guard("crisis", _("Nothing leaves while a crisis is open"), crisis_guard))
    register_approver("journeys", lambda delivery: ...)

A guard is given many deliveries at once and answers for those it has something against.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from qunying.do.reach.models import Delivery


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a guard has against a delivery, in a sentence. With `until` (aware UTC) it only has to wait until then."""

    guard: str
    words: str | _StrPromise
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """Something asked before anything leaves.

    `check(deliveries, moment)` gives verdicts by the place of the delivery in the sequence, as of a moment (aware
    UTC). It writes nothing, asks no platform, and its number of queries does not grow with the deliveries. `standing`
    guards are asked about open tasks, too, for as long as these are open.
    """

    name: str
    label: _StrPromise
    check: Callable[[Sequence[Delivery], datetime], Mapping[int, Verdict]]
    standing: bool = False


_guards: dict[str, Guard] = {}
_approvers: dict[str, Callable[[Delivery], bool]] = {}


def register_guard(guard: Guard) -> None:
    """Have this asked before anything leaves; the same name again replaces it."""
    _guards[guard.name] = guard


def guards() -> list[Guard]:
    """Every guard, in the order in which they were registered: the first with something to say is heard."""
    return list(_guards.values())


def guard_label(name: str) -> str:
    """The words for a guard; its name where it is not there any more."""
    return str(_guards[name].label) if name in _guards else name


def register_approver(origin: str, approved: Callable[[Delivery], bool]) -> None:
    """Have this app answer for its deliveries: whether just this content (`content_hash`) was approved for them."""
    _approvers[origin] = approved


def is_approved(delivery: Delivery) -> bool:
    """Whether the app that wanted the delivery says that its content was approved; no where none answers for it."""
    approved = _approvers.get(delivery.origin)
    return approved is not None and approved(delivery)
