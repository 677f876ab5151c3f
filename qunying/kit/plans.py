"""Steering the planner of SQLite, which knows no statistics, past an index that serves badly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.lookups import Exact, In

if TYPE_CHECKING:
    from collections.abc import Iterable


def only(field: str, value: int) -> Exact:  # type: ignore[type-arg, unused-ignore]
    """The condition field = value, which no index of the field can serve.

    For questions about a few people within one community: each person has few rows, the community
    has millions, and a planner without statistics takes either for the shorter way. Source: “unary
    plus” in SQLite's notes on its query planner.
    """
    return Exact(F(field) + 0, value)


def only_among(field: str, values: Iterable[int]) -> In:  # type: ignore[type-arg, unused-ignore]
    """The same for field IN values."""
    return In(F(field) + 0, list(values))
