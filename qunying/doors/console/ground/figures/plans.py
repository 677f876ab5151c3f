"""What an overview tells of plans: the goals and the stage of life of a community, and what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.queries import suggestions_for
from qunying.check.alerts.queries import calling_alerts
from qunying.check.tracking.models import Standing, Status
from qunying.doors.console.ground.figures.panel import Panel
from qunying.doors.console.plan.goals.life import life_of
from qunying.doors.console.plan.goals.rows import goal_rows
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.queries import communities_for
from qunying.plan.goals.queries import goals_of
from qunying.plan.goals.rules import may_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.doors.console.plan.goals.life import Life
    from qunying.doors.console.plan.goals.rows import GoalRow
    from qunying.ground.groups.models import Community

MOST = 6
"""So many goals stand on an overview; the list has them all."""
_LOOKS = 28
_FIRST = (Status.MISSED, Status.OFF_COURSE, Status.NEAR, Status.WITHIN, Status.ON_COURSE, Status.REACHED)


@dataclass(frozen=True, slots=True)
class Strip:
    """The goals that run now, those to look at first before the others, with a line of their last looks."""

    community: Community
    life: Life
    goals: list[tuple[GoalRow, list[float | None]]]
    more: int
    any: bool
    may_plan: bool = field(default=False)


def shows_plans(choice: Choice) -> bool:
    """Whether one community is open whose plans this person may see."""
    return choice.community is not None and may(choice.staff, Permission.SEE_PLAN, choice.community.unit)


def goals_panel(choice: Choice) -> Panel:
    """The strip of the open community; nothing where this person may not see its plans."""
    community = choice.community
    if community is None or not shows_plans(choice):
        return Panel("overview-goals", "", "", kind="nothing")
    goals = list(goals_of(community))
    running = [goal for goal in goals if goal.start <= choice.today <= goal.due]
    rows = sorted(goal_rows(running, today=choice.today), key=_place)
    lines = _lines(row.goal.pk for row in rows[:MOST])
    strip = Strip(
        community=community,
        life=life_of(community),
        goals=[(row, lines.get(row.goal.pk, [])) for row in rows[:MOST]],
        more=max(0, len(rows) - MOST),
        any=bool(goals),
        may_plan=may_plan(choice.staff, community),
    )
    return Panel("overview-goals", _("Are the goals on course?"), "", kind="goals", extra=strip)


def _place(row: GoalRow) -> tuple[int, int, object]:
    standing = _FIRST.index(row.status) if row.status in _FIRST else len(_FIRST)
    return (-(row.alert.level if row.alert else 0), standing, row.goal.due)


def _lines(goals: Iterable[int]) -> dict[int, list[float | None]]:
    """What was seen of each of these goals (ids) in its last looks, oldest first. One query."""
    found: dict[int, list[float | None]] = {}
    for goal, value in Standing.objects.filter(goal__in=list(goals)).order_by("day").values_list("goal", "value"):
        found.setdefault(goal, []).append(value)
    return {goal: values[-_LOOKS:] for goal, values in found.items()}


def suggestions_step(choice: Choice) -> dict[str, str] | None:
    """Suggestions that wait for a decision."""
    places = [one.pk for one in choice.communities]
    count = suggestions_for(choice.staff).filter(community__in=places, state=Suggestion.State.OPEN).count()
    if not count:
        return None
    words = ngettext("%(count)s suggestion waits for a decision.", "%(count)s suggestions wait for a decision.", count)
    slug = choice.community.slug if choice.community else ""
    return {
        "level": "attention",
        "icon": "bulb",
        "words": words % {"count": count},
        "address": reverse("community_suggestions", args=(slug,)) if slug else reverse("suggestions"),
        "label": _("Suggestions"),
    }


def alerts_step(choice: Choice) -> dict[str, str] | None:
    """Alerts on goals that nobody has taken note of."""
    seen = set(communities_for(choice.staff, Permission.SEE_PLAN).values_list("pk", flat=True))
    count = calling_alerts(one.pk for one in choice.communities if one.pk in seen).count()
    if not count:
        return None
    words = ngettext(
        "%(count)s goal is behind and nobody has taken note of it.",
        "%(count)s goals are behind and nobody has taken note of them.",
        count,
    )
    slug = choice.community.slug if choice.community else ""
    address = reverse("goals", args=(slug,)) + "?status=alert" if slug else reverse("today")
    return {
        "level": "attention",
        "icon": "bell",
        "words": words % {"count": count},
        "address": address,
        "label": _("Goals"),
    }
