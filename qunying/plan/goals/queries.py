"""Goals as one person may see them, as a tree, and those whose revision is due."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.kit.errors import NotFoundError
from qunying.plan.goals.models import Goal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community

RHYTHM = {Goal.Term.LONG: 91, Goal.Term.MIDDLE: 30, Goal.Term.SHORT: 7}
"""Term → after how many days a goal is looked at again: strategic quarterly, tactical monthly, weekly ones weekly."""
GRACE = {Goal.Term.LONG: 14, Goal.Term.MIDDLE: 5, Goal.Term.SHORT: 2}
"""Term → how many days earlier a revision still counts as in its rhythm."""


def goals_of(community: Community) -> QuerySet[Goal]:
    """The goals of a community that stand, with owner, parent and the day of their last revision (`revised`)."""
    return with_revised(Goal.objects.filter(community=community, dropped_at__isnull=True))


def dropped_goals(community: Community) -> QuerySet[Goal]:
    """The goals given up, the latest first."""
    return with_revised(Goal.objects.filter(community=community, dropped_at__isnull=False)).order_by("-dropped_at")


def running_goals(day: date) -> QuerySet[Goal]:
    """Goals of every community that have begun by this day, and are not over for more than a week."""
    return begun_goals(day).filter(due__gte=day - timedelta(days=8))


def begun_goals(day: date) -> QuerySet[Goal]:
    """Standing goals of every community that have begun by this day."""
    return Goal.objects.filter(dropped_at__isnull=True, start__lte=day).select_related("community")


def with_revised(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """Goals with `revised`, the local day of the last revision, and what their pages show."""
    return goals.annotate(revised=Max("revisions__day")).select_related("community", "owner", "parent")


def get_goal_for(staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_PLAN) -> Goal:
    """The goal of this community and id; raises NotFoundError where it is not this person's to open."""
    visible = communities_for(staff, permission).filter(slug=slug)
    goal = with_revised(Goal.objects.filter(community__in=visible, pk=pk)).first()
    if goal is None:
        raise NotFoundError(_("There is no such goal that you may open."))
    return goal


def goal_on(goal: Goal, day: date) -> Goal:
    """The goal with the target and the due day it had when the local day ended; a copy that is not to be saved."""
    next_change = goal.revisions.filter(day__gt=day).order_by("at", "pk").first()
    if next_change is None:
        return goal
    then = copy(goal)
    then.due, then.target_value, then.target_ratio = (
        next_change.old_due,
        next_change.old_target,
        next_change.old_ratio,
    )
    return then


def next_revision(goal: Goal) -> date:
    """The day on which the goal is to be looked at again, by the rhythm of its term."""
    if hasattr(goal, "revised"):
        last: date | None = goal.revised
    else:
        last = goal.revisions.aggregate(last=Max("day"))["last"]
    return max(last or goal.start, goal.start) + timedelta(days=RHYTHM[Goal.Term(goal.term)])


def is_off_rhythm(goal: Goal, day: date) -> bool:
    """Whether a change on this day comes before its time."""
    return day < next_revision(goal) - timedelta(days=GRACE[Goal.Term(goal.term)])


def due_for_revision(goals: Iterable[Goal], day: date) -> list[Goal]:
    """Those of the goals, still running, whose next look is due on this day or earlier."""
    return [goal for goal in goals if goal.due >= day >= next_revision(goal)]


@dataclass(frozen=True, slots=True)
class Branch:
    """A goal in the tree, how deep it stands."""

    goal: Goal
    depth: int


def in_tree(goals: Iterable[Goal]) -> list[Branch]:
    """The goals with each below its parent; one whose parent is not among them stands on its own."""
    chosen = list(goals)
    known = {goal.pk for goal in chosen}
    below: dict[int | None, list[Goal]] = {}
    for goal in chosen:
        below.setdefault(goal.parent_id if goal.parent_id in known else None, []).append(goal)
    return list(_walk(below, None, 0))


def _walk(below: dict[int | None, list[Goal]], parent: int | None, depth: int) -> Iterator[Branch]:
    for goal in sorted(below.get(parent, []), key=lambda one: (-one.span.days if depth == 0 else 0, one.start, one.pk)):
        yield Branch(goal, depth)
        yield from _walk(below, goal.pk, depth + 1)


def possible_parents(community: Community, *, besides: Goal | None = None) -> list[Goal]:
    """Goals that others may stand under: longer than a week, the longest first."""
    found = [goal for goal in goals_of(community) if goal.horizon != Goal.Horizon.WEEK and goal != besides]
    return sorted(found, key=lambda goal: (-goal.span.days, goal.start, goal.pk))
