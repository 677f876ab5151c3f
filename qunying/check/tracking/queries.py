"""What was seen of goals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Min, OuterRef, Subquery
from django.utils import timezone

from qunying.check.tracking.models import Snapshot, Standing
from qunying.plan.goals.queries import begun_goals, running_goals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

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
    """Goals that may have to be looked at by this day: running, just over, or not seen to their end; by id."""
    seen = Standing.objects.filter(goal=OuterRef("pk"))
    unfinished = ~Exists(seen.filter(day__gte=OuterRef("due"))) | Exists(seen.filter(seen_at__gte=_lately()))
    return (running_goals(day) | begun_goals(day).filter(unfinished)).filter(pk__gt=after).order_by("pk")


def _lately() -> datetime:
    return timezone.now() - timedelta(days=8)


def missed_days(goal: Goal, *, until: date) -> list[date]:
    """Local days up to `until` on which nobody looked at the goal, oldest first; of days before it was made, none."""
    seen = set(standings_of(goal).filter(day__gte=goal.start).values_list("day", flat=True))
    first, last = _first_day(goal, min(seen, default=None)), min(until, goal.due)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day not in seen]


def with_missed_days(goals: Iterable[Goal], until: Callable[[Goal], date]) -> set[int]:
    """Those of these goals (ids) that have missed days up to their day. One query.

    A look at today itself, which only a value entered by hand makes, can hide one until tomorrow.
    """
    found = {goal.pk: goal for goal in goals}
    rows = (
        Standing.objects.filter(goal__among=list(found), day__gte=F("goal__start"))
        .order_by()
        .values_list("goal")
        .annotate(first=Min("day"), count=Count("pk"))
    )
    seen = {pk: (first, count) for pk, first, count in rows}
    missed = set()
    for pk, goal in found.items():
        earliest, count = seen.get(pk, (None, 0))
        if count < (min(until(goal), goal.due) - _first_day(goal, earliest)).days + 1:
            missed.add(pk)
    return missed


def _first_day(goal: Goal, seen: date | None) -> date:
    """From which local day on a goal is to be seen every day: when it was made, unless it was seen for earlier ones."""
    made = goal.made_at.astimezone(ZoneInfo(goal.community.timezone)).date()
    return max(goal.start, min(made, seen) if seen else made)
