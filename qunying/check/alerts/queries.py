"""Alerts as one person may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from qunying.check.alerts.models import Alert, Watch
from qunying.check.tracking.models import Standing, Status
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.kit.errors import NotFoundError
from qunying.plan.goals.models import Goal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder


def open_alerts(communities: Iterable[int]) -> QuerySet[Alert]:
    """The open alerts of standing goals of these communities (ids), the highest first."""
    return Alert.objects.filter(
        closed__isnull=True, goal__community__in=list(communities), goal__dropped_at__isnull=True
    ).select_related("goal", "goal__community", "goal__owner")


def calling_alerts(communities: Iterable[int]) -> QuerySet[Alert]:
    """Those that nobody has taken note of at the level they stand at."""
    return open_alerts(communities).filter(level__gt=F("noted"))


def open_by_goal(goals: Iterable[int]) -> dict[int, Alert]:
    """The open alert of each of these goals (ids). One query."""
    rows = Alert.objects.filter(closed__isnull=True, goal__among=list(goals))
    return {row.goal_id: row for row in rows}


def alerts_of(goal: Goal) -> QuerySet[Alert]:
    """Every alert of a goal with its steps and who took note, the latest first."""
    found = Alert.objects.filter(goal=goal).prefetch_related("steps", "acknowledgements__staff")
    return found.order_by("-opened", "-pk")


def get_alert_for(staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_PLAN) -> Alert:
    """The alert of this id in this community; raises NotFoundError where it is not this person's."""
    visible = communities_for(staff, permission).filter(slug=slug)
    alert = Alert.objects.filter(goal__community__in=visible, pk=pk).select_related("goal", "goal__community").first()
    if alert is None:
        raise NotFoundError(_("There is no such alert that you may open."))
    return alert


def unjudged_goals() -> QuerySet[Goal]:
    """Standing goals with a look that can be judged and has not been."""
    judged = Watch.objects.filter(goal=OuterRef("goal")).values("day")[:1]
    looks = Standing.objects.exclude(status=Status.UNMEASURED).annotate(judged=Subquery(judged))
    fresh = looks.filter(Q(judged__isnull=True) | Q(day__gt=F("judged"))).values("goal")
    return Goal.objects.filter(pk__in=fresh, dropped_at__isnull=True)
