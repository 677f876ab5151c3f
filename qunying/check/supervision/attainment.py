"""How the goals of communities stand at the end of a period."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from qunying.check.tracking.models import Standing, Status
from qunying.plan.goals.models import Goal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.kit.periods import Period

ENOUGH = 3
"""Goals that must have been judged before units are ranked by how many are on course."""

_BUCKETS = {
    Status.ON_COURSE: "good",
    Status.WITHIN: "good",
    Status.REACHED: "good",
    Status.NEAR: "good",
    Status.OFF_COURSE: "risk",
    Status.MISSED: "missed",
}


@dataclass(frozen=True, slots=True)
class Attainment:
    """Goals on course (within tolerance, reached and just short included), off course, missed, not judged yet."""

    good: int = 0
    risk: int = 0
    missed: int = 0
    open: int = 0

    def __add__(self, other: Attainment) -> Attainment:
        return Attainment(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Attainment)))

    @property
    def judged(self) -> int:
        """Goals of which something can be said."""
        return self.good + self.risk + self.missed

    @property
    def share(self) -> float | None:
        """On course ÷ judged; None where none is judged."""
        return self.good / self.judged if self.judged else None


def attainments(communities: Iterable[int], period: Period) -> dict[int, Attainment]:
    """Community (id) → how its goals that ran in the period stood when it ended, as last seen by then. One query."""
    newest = Standing.objects.filter(goal=OuterRef("pk"), day__lte=period.end).order_by("-day")
    goals = Goal.objects.filter(
        community__among=list(communities), dropped_at__isnull=True, start__lte=period.end, due__gte=period.start
    )
    rows = goals.order_by().values_list("community", Subquery(newest.values("status")[:1]))
    found: dict[int, Attainment] = defaultdict(Attainment)
    for community, status in rows:
        found[community] += Attainment(**{_BUCKETS.get(status, "open"): 1})
    return dict(found)
