"""Asking the catalogue: `measure` for a figure, `members_behind` for the people in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qunying.ground.figures.results import Figure, Scope
    from qunying.kit.periods import Period


def measure(name: str, *, scope: Scope, period: Period, **params: Any) -> Figure:
    """The figure of metric `name`; raises QunyingError for an unknown metric or parameter."""
    raise RuntimeError


def members_behind(name: str, *, scope: Scope, period: Period, cell: dict[str, Any] | None = None, **params: Any) -> list[int]:
    """Ids of the members a figure (or the row of it that `cell` picks out) counts in its numerator."""
    raise RuntimeError
