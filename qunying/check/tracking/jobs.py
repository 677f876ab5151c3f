"""The daily look at every running goal, in steps that can be taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.check.tracking.queries import latest_standings, unseen_goals, with_missed_days
from qunying.check.tracking.services import is_settled, keep_weeks, look_at, make_up
from qunying.ground.audit.actors import System
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import start_job
from qunying.ground.jobs.turns import OPEN
from qunying.plan.goals.baselines import yesterday_in
from qunying.plan.goals.queries import goals_of

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.ground.jobs.turns import Turn
    from qunying.plan.goals.models import Goal

KIND = "tracking"
_BATCH = 50


def start_where_due() -> Job | None:
    """Start the look where a running goal has not been seen since its last local day ended; None where none has."""
    if Job.objects.filter(kind=KIND, state__in=OPEN).exists() or not waiting_goals():
        return None
    return start_job(KIND, checkpoint={"after": 0}, by=System("tracking"), total=None)


def look_at_all(community: Community) -> int:
    """Look at every goal of the community now, again where it was seen; how many. Forecasts follow in the job."""
    goals = list(goals_of(community))
    for goal in goals:
        look_at(goal, again=True, foretell=False)
    start_where_due()
    return len(goals)


def waiting_goals(after: int = 0) -> list[Goal]:
    """Up to fifty running goals beyond this id that are still to be looked at, or were not on some day."""
    goals = list(unseen_goals(timezone.localdate(), after=after))
    seen = latest_standings(goal.pk for goal in goals)
    missed = with_missed_days(goals, lambda goal: yesterday_in(goal.community))
    return [
        goal
        for goal in goals
        if goal.pk in missed or not is_settled(seen.get(goal.pk), goal, yesterday_in(goal.community))
    ][:_BATCH]


def step(turn: Turn) -> bool:
    """Look at goals until the turn is over, first for the days on which nobody did; no day is seen twice."""
    after = int(turn.job.checkpoint.get("after", 0))
    done = turn.job.done
    for goal in waiting_goals(after):
        day = yesterday_in(goal.community)
        for _missed in make_up(goal, day=day):
            turn.save(checkpoint={"after": after}, done=done)
            if turn.over():
                return False
        look_at(goal, day=day)
        keep_weeks(goal, day=day)
        after, done = goal.pk, done + 1
        turn.save(checkpoint={"after": after}, done=done)
        if turn.over():
            return False
    return not waiting_goals(after)
