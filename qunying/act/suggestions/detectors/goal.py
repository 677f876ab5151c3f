"""A goal off its course: what tracking has seen. No test: a goal has a tolerance of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.check.tracking.models import Status
from qunying.check.tracking.queries import standings_of
from qunying.kit.formats import percent, tongue
from qunying.plan.goals.queries import goals_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.act.suggestions.history import History, Look
    from qunying.check.tracking.models import Standing
    from qunying.kit.periods import Period
    from qunying.plan.goals.models import Goal

_SHOWN = 60


def _find(look: Look) -> Iterator[Asked]:
    for goal, standing in look.history.standings:
        if standing.status == Status.OFF_COURSE and standing.deviation is not None:
            yield _asked(goal, standing)


def _asked(goal: Goal, standing: Standing) -> Asked:
    seen = list(standings_of(goal).exclude(value=None).order_by("-day")[:_SHOWN])
    return Asked(
        "goal",
        str(goal.pk),
        p=None,
        large=True,
        effect=standing.deviation or 0.0,
        params={
            "goal": goal.title,
            "goal_en": goal.title_en,
            "goal_id": goal.pk,
            "behind": abs(standing.deviation or 0.0),
        },
        evidence={
            "kind": "days",
            "rows": [{"day": one.day.isoformat(), "value": one.value} for one in reversed(seen)],
            "usual": standing.expected,
        },
    )


def _name(params: Mapping[str, Any]) -> str:
    return str((params["goal_en"] if tongue() == "en" else "") or params["goal"])


def _title(params: Mapping[str, Any]) -> str:
    return _("The goal “%(goal)s” is off course") % {"goal": _name(params)}


def _sentence(params: Mapping[str, Any]) -> str:
    said = {"goal": _name(params), "behind": percent(params["behind"])}
    return _("“%(goal)s” lies %(behind)s behind its path, more than its tolerance allows.") % said


def _figure(history: History, period: Period, params: Mapping[str, Any]) -> Measured | None:
    goal = goals_of(history.community).filter(pk=params["goal_id"]).first()
    seen = goal and standings_of(goal).filter(day__lte=period.end, day__gte=period.start).exclude(value=None).last()
    return Measured(seen.value) if seen and seen.value is not None else None


register_detector(
    Detector(
        "goal",
        gettext_lazy("A goal off its course"),
        gettext_lazy("Where each goal stands, as the tracking of goals saw it last."),
        _find,
        _title,
        _sentence,
        (
            gettext_lazy("Ask first whether the goal is still the right one; if not, revise it with the reason."),
            gettext_lazy("Choose the one activity that moved this figure before, and do it again this week."),
            gettext_lazy("Name a person and a day for it: a goal of everybody is nobody's."),
        ),
        _figure,
        gettext_lazy("The goal's figure"),
        unit="number",
    )
)
