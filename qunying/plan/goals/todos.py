"""What goals want done: a look at those whose revision is due."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.plan.goals.models import Goal
from qunying.plan.goals.queries import due_for_revision, next_revision, with_revised
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.access.models import Staff

NAME = "goals"
_MOST = 200


def register_todos() -> None:
    """Have the rhythm of revisions stand in everyone's list."""
    register_source(NAME, label=gettext_lazy("Goals"), items=goal_todos)


def goal_todos(staff: Staff, today: date) -> Iterator[TodoItem]:
    """One line for each owner in each community where goals this person may revise are due for it. Two queries."""
    places = communities_for(staff, Permission.EDIT_PLAN)
    running = Goal.objects.filter(community__in=places, dropped_at__isnull=True, start__lte=today, due__gte=today)
    rows = with_revised(running).order_by("community", "owner", "pk")
    due = due_for_revision(rows, today)
    lines = [list(goals) for _whose, goals in groupby(due, key=lambda goal: (goal.community_id, goal.owner_id))]
    yield from map(_item, lines[:_MOST])


def _item(goals: list[Goal]) -> TodoItem:
    first, many = goals[0], len(goals)
    words = ngettext("Look at a goal again: %(goal)s", "Look at %(many)s goals again", many)
    return TodoItem(
        title=words % {"goal": first.name, "many": many},
        kind=NAME,
        why=_("Long-term goals every quarter, middle ones every month, short ones every week"),
        due=min(map(next_revision, goals)),
        page="goal" if many == 1 else "goals",
        args={"slug": first.community.slug} | ({"pk": first.pk} if many == 1 else {}),
        priority=2,
        community=first.community.name,
        owner=first.owner_id,
        owner_name=first.owner.name if first.owner else "",
    )
