"""What a community's own facts say against a goal before it is set: that it is reached already, or never measurable."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.figures.recorded import GAPS, gap_in
from qunying.ground.figures.results import Scope
from qunying.ground.figures.sitting import one_snapshot
from qunying.kit import formats
from qunying.plan.goals.amounts import shown
from qunying.plan.goals.baselines import baseline_period, yesterday_in
from qunying.plan.goals.measuring import local_days, measured_over
from qunying.plan.goals.models import Goal
from qunying.plan.goals.readings import Reading, reading_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period

FAR = 1.5
"""A target is far behind what there is already where that is half as much again; nearer, it may be one to hold."""
_DAY = timedelta(days=1)


def doubts_about(goals: Mapping[str, Goal], community: Community) -> dict[str, list[str]]:
    """Key → sentences about goals of this community, kept or only imagined; those beyond doubt are not in it.

    A community without any fact raises none: its history is still to come.
    """
    known = local_days(community)
    if known is None:
        return {}
    with one_snapshot():
        found = {key: _doubt(goal, known) for key, goal in goals.items() if not goal.by_hand}
    return {key: [words] for key, words in found.items() if words}


def _doubt(goal: Goal, known: Period) -> str:
    gap = gap_in(goal.metric, goal.params, scope=Scope((goal.community_id,)))
    return str(GAPS[gap]) if gap else _already(goal, known)


def _already(goal: Goal, known: Period) -> str:
    """That the last comparable days with facts were far beyond the target already; empty where they were not."""
    if goal.target_value is None:
        return ""
    period = baseline_period(goal, min(goal.start - _DAY, yesterday_in(goal.community), known.end))
    if period.start < known.start:
        return ""
    value, target = measured_over(goal, period).value, float(goal.target_value)
    up = goal.direction == Goal.Direction.UP
    if value is None or not (value > FAR * target if up else FAR * value < target):
        return ""
    return _words(goal, period, value)


def _words(goal: Goal, period: Period, value: float) -> str:
    currency = goal.community.currency
    given = {
        "day": formats.day(period.end, weekday=False),
        "days": period.days,
        "value": shown(value, unit=goal.unit, currency=currency),
        "target": shown(goal.target_value or 0, unit=goal.unit, currency=currency),
    }
    if goal.direction == Goal.Direction.DOWN:
        return _("It was %(value)s on %(day)s already, far below %(target)s. Set a lower bound, or untick it.") % given
    if reading_of(goal.metric) is Reading.TOTAL:
        days = _(
            "The %(days)s days up to %(day)s brought %(value)s, far more than %(target)s. Aim higher, or untick it."
        )
        return days % given
    return _("It was %(value)s on %(day)s already, far above %(target)s. Aim higher, or untick it.") % given
