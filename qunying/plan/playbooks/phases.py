"""The phases of a playbook as days: one after the other, each as long as its longest length."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from qunying.kit.durations import parse_span
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qunying.plan.playbooks.sections import Item


def phase_days(phases: Sequence[Item], start: date) -> dict[str, tuple[date, date]]:
    """Key of each phase → its first and last local day, the first phase beginning on `start`.

    A phase whose length cannot be read, and those after it, are left out: the check says so.
    """
    found: dict[str, tuple[date, date]] = {}
    first = start
    for phase in phases:
        try:
            _shortest, longest = parse_span(phase.get("length", ""))
        except QunyingError:
            break
        after = longest.after(first)
        found[str(phase.get("key", ""))] = (first, after - timedelta(days=1))
        first = after
    return found
