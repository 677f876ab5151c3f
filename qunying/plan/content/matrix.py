"""The matrix: how much of a month each theme was to have, and how much it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from qunying.plan.content.queries import entries_of, planned, themes_of

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Theme

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """One theme in one month: `count` of its entries among `total`; `theme` None gathers those without one in use."""

    theme: Theme | None
    count: int
    total: int

    @property
    def actual(self) -> float | None:
        """Its share of the month's entries in per cent; None where the month has none."""
        return self.count * _WHOLE / self.total if self.total else None

    @property
    def wanted(self) -> int | None:
        """The share it was to have in per cent; None where none was set."""
        return self.theme.share if self.theme else None

    @property
    def off(self) -> float | None:
        """How many percentage points it is over (+) or under (−) what was wanted."""
        if self.wanted is None or self.actual is None:
            return None
        return self.actual - self.wanted

    @property
    def missing(self) -> int:
        """How many entries more, among the month's as many as now, would make up the share; negative: too many."""
        return round((self.wanted or 0) * self.total / _WHOLE) - self.count if self.wanted is not None else 0


def matrix_of(community: Community, *, first: date, last: date) -> list[Cell]:
    """A cell for each theme in use, over the entries that go out between two local days; dropped ones left out.

    What has no theme, or one that was put away, stands in a last cell of its own where there is any. Two queries.
    """
    rows = planned(entries_of(community), first, last).order_by().values_list("theme").annotate(n=Count("pk"))
    counts = dict(rows)
    total = sum(counts.values())
    cells = [Cell(theme, counts.pop(theme.pk, 0), total) for theme in themes_of(community)]
    rest = sum(counts.values())
    return [*cells, Cell(None, rest, total)] if rest else cells
