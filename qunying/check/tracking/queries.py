"""What was seen of goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Subquery

from qunying.check.tracking.models import Snapshot, Standing
from qunying.plan.goals.queries import begun_goals, running_goals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from qunying.plan.goals.models import Goal


def latest_standings(goals: Iterable[int]) -> dict[int, Standing]:
    """The last standing of each of these goals (ids). One query."""
    newest = Standing.objects.filter(goal=OuterRef("goal")).order_by("-day").values("pk")[:1]
    rows = Standing.objects.filter(goal__among=list(goals), pk=Subquery(newest))
    return {row.goal_id: row for row in rows}


def standings_of(goal: Goal) -> QuerySet[Standing]:
    """What was seen of a goal day by day, oldest first."""
    return Standing.objects.filter(goal=goal)


def snapshots_of(goal: Goal) -> QuerySet[Snapshot]:
    """What was kept of a goal week by week, the latest first."""
    return Snapshot.objects.filter(goal=goal).order_by("-week")


def unseen_goals(day: date, *, after: int = 0) -> QuerySet[Goal]:
    """Goals that may have to be looked at by this day: running, just over, or never seen; by id beyond `after`."""
    never = begun_goals(day).filter(~Exists(Standing.objects.filter(goal=OuterRef("pk"))))
    return (running_goals(day) | never).filter(pk__gt=after).order_by("pk")
