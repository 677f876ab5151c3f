"""What the flower shop has decided: on a suggestion, on goals when they were to be looked at again, on its stage."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from qunying.act.suggestions.queries import suggestions_of
from qunying.act.suggestions.services import accept_suggestion, dismiss_suggestion, look_for_suggestions
from qunying.check.stages.services import recognise, set_stage
from qunying.doors.demo.episodes import What, plan_episodes
from qunying.doors.demo.example import DEMO
from qunying.doors.demo.people import LOCAL
from qunying.ground.access.models import Staff
from qunying.plan.goals.amounts import read_target
from qunying.plan.goals.models import Goal
from qunying.plan.goals.queries import next_revision
from qunying.plan.goals.services import revise_goal
from qunying.plan.schedule.services import finish_work

if TYPE_CHECKING:
    from datetime import date

    from qunying.doors.demo.plan import Plan
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

KEEPER = "demo-lu"
"""Who keeps the shop and decides, where they have been hired."""
_TITLE = "请三位老花友每周各开一个话题"
_DONE = "三位都开了，周三问答也排上了。"
_NOT_NOW = "先把这周没人说话的事办好，一个月后再看。"
_KEPT = (
    "和店员过了一遍数字，目标不变。",
    "进展比预想慢一点，先补上周三问答，目标不动。",
    "看过了，方向没错，目标不变。",
)
_LOWERED = "试了一个月，定得太高够不着，先把一成做实。"
_DAYS_OF_WORK = 6


def decider() -> Actor:
    """Who keeps the shop; the example itself where nobody has been hired."""
    return Staff.objects.filter(username=KEEPER).first() or DEMO


def answer_bad_week(community: Community, plan: Plan) -> None:
    """What was suggested on the morning after the bad week was decided on; what came of it is measured by now."""
    bad = next((one for one in plan_episodes(plan) if one.what is What.BAD_WEEK), None)
    if bad is None:
        return
    morning = bad.last + timedelta(days=1)
    look_for_suggestions(community, by=DEMO, today=morning)
    by = decider()
    for row in suggestions_of(community).filter(state="open").order_by("pk"):
        if row.detector != "speakers":
            dismiss_suggestion(row, reason=_NOT_NOW, by=by, at=_at(morning, 10))
            continue
        owner, done = by if isinstance(by, Staff) else None, morning + timedelta(days=_DAYS_OF_WORK)
        work = accept_suggestion(
            row, due=morning + timedelta(days=7), by=by, owner=owner, title=_TITLE, at=_at(morning, 11)
        ).work
        if work is not None:
            finish_work(work, by=by, note=_DONE, at=_at(done, 18))


def look_again(goal: Goal, plan: Plan, *, by: Actor, lowered: str = "") -> None:
    """Every look at a goal that was due before today: kept with a reason; `lowered` is its target from the first on."""
    reasons = cycle(_KEPT)
    while (day := next_revision(_fresh(goal))) < min(plan.today, goal.due):
        target = read_target(lowered, unit=goal.unit, currency=goal.community.currency) if lowered else None
        revise_goal(_fresh(goal), reason=_LOWERED if lowered else next(reasons), target=target, by=by, on=day)
        lowered = ""
    # It was set when it began: so its history reads in order.
    Goal.objects.filter(pk=goal.pk).update(made_at=_at(goal.start, 9))


def say_stage(community: Community) -> None:
    """The keeper confirms the stage of life that the figures show."""
    proposal = recognise(community)
    if proposal is not None:
        set_stage(community, stage=proposal.stage, by=decider())


def _fresh(goal: Goal) -> Goal:
    return Goal.objects.select_related("community").get(pk=goal.pk)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), LOCAL)
