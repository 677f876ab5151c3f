"""Asking the catalogue for what a page shows, for a choice and for what it is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.groups.queries import communities_for

if TYPE_CHECKING:
    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.figures.results import Figure


def ask(choice: Choice, metric: str, **params: Any) -> Figure:
    """The figure for the choice."""
    return measure(metric, scope=choice.scope, period=choice.period, **params)


def ask_before(choice: Choice, metric: str, **params: Any) -> Figure | None:
    """The figure of the period before; None unless the person compares with it and the facts reach over it."""
    if choice.compare != "previous" or not choice.comparable:
        return None
    return measure(metric, scope=choice.scope, period=choice.period.previous, **params)


def ask_all(choice: Choice, metric: str, **params: Any) -> Figure | None:
    """The figure of everything this person may see; None unless they compare with that."""
    if choice.compare != "organisation":
        return None
    scope = Scope(tuple(communities_for(choice.staff).order_by("pk").values_list("pk", flat=True)))
    return measure(metric, scope=scope, period=choice.period, **params)
