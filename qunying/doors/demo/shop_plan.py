"""The flower shop's plan: its playbook for a third of the history, nearer goals of its own, and how they all stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import override

from qunying.act.suggestions.services import look_now
from qunying.check.alerts.services import judge
from qunying.check.tracking.services import keep_weeks, look_at
from qunying.doors.demo.example import DEMO
from qunying.doors.demo.people import LOCAL
from qunying.doors.demo.shop_past import answer_bad_week, decider, look_again, say_stage
from qunying.ground.figures.sitting import one_snapshot
from qunying.plan.goals.amounts import read_target
from qunying.plan.goals.models import Goal
from qunying.plan.goals.queries import goals_of
from qunying.plan.goals.readings import fit_metric
from qunying.plan.goals.services import Aim, Words, create_goal, enter_value
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.services import apply_playbook, draft_playbook, revise_draft
from qunying.plan.playbooks.shelf import playbook_named
from qunying.plan.schedule.queries import still_open, work_in
from qunying.plan.schedule.services import finish_work

if TYPE_CHECKING:
    from qunying.doors.demo.plan import Plan
    from qunying.ground.groups.models import Community

PLAYBOOK = "flower-shop"
BEGAN = 120
"""The playbook began so many days ago, or after two thirds of a shorter history."""
_SUNDAY = 7
_SEEN = 28
"""For so many days back it is kept how each goal stood: two periods to compare, and what alerts are judged by."""
_ASKED = {
    "satisfaction-half-year": ((-2, "0.71"), (30, "0.73"), (60, "0.74"), (91, "0.77")),
    "satisfaction-three-years": ((-2, "0.71"), (91, "0.77")),
    "awareness-three-years": ((-2, "0.31"), (91, "0.34")),
}
"""Goal → (days after the beginning, what people answered): what no fact can tell is entered by hand."""
_LEFT_OUT = "goals/active-half-year"
"""Half of the members are to be active within half a year; in this shop nine in ten are already."""


@dataclass(frozen=True, slots=True)
class Nearer:
    """A goal of the shop's own below one of the playbook: from so many days ago to so many days ahead."""

    key: str
    title: str
    title_en: str
    dimension: str
    metric: str
    target: str
    began: int
    ends: int
    parent: str = ""
    lowered: str = ""
    """What the target became when the goal was first looked at again."""
    params: tuple[tuple[str, str], ...] = ()


NEARER = (
    Nearer(
        "speaking-quarter",
        "三个月内说话的成员多一成",
        "A tenth more of the members speak within three months",
        "interaction",
        "active_rate",
        "+12%",
        60,
        30,
        params=(("grade", "speaking"),),
        lowered="+10%",
    ),
    Nearer(
        "joins-month",
        "这个月比上个月多进一成新人",
        "A tenth more newcomers than last month",
        "user",
        "joins",
        "+10%",
        20,
        9,
        parent="members-half-year",
    ),
    Nearer(
        "speakers-week",
        "这一周每天多一成人说话",
        "A tenth more people speaking a day this week",
        "interaction",
        "daily_speakers",
        "+10%",
        5,
        1,
        parent="joins-month",
    ),
)


@transaction.atomic
def plan_shop(community: Community, plan: Plan) -> None:
    """Give the shop its playbook, goals with baselines from its history, what was decided, and suggestions; once."""
    if Application.objects.filter(community=community).exists() or goals_of(community).exists():
        return
    start = plan.today - timedelta(days=min(BEGAN, plan.days // 3))
    with one_snapshot():
        with override("zh-hans"):
            answer_bad_week(community, plan)
            _apply(community, start)
        for nearer in NEARER:
            _set(community, nearer, plan)
        lowered = {nearer.key: nearer.lowered for nearer in NEARER}
        for goal in goals_of(community):
            look_again(goal, plan, by=decider(), lowered=lowered.get(goal.key, ""))
        _enter_answers(community, start, plan)
        _tick_off(community, plan)
        _look_back(community, plan)
        say_stage(community)
        look_now(community, by=DEMO, today=plan.today)


def _apply(community: Community, start: date) -> None:
    """Draft the playbook, leave out what the shop has already, apply it: as a manager would."""
    draft = draft_playbook(community, playbook=playbook_named(PLAYBOOK), start=start, by=DEMO)
    draft = revise_draft(draft, start=start, left_out={_LEFT_OUT}, values={}, by=DEMO)
    apply_playbook(draft, by=DEMO)


def _set(community: Community, nearer: Nearer, plan: Plan) -> Goal:
    unit = fit_metric(nearer.metric).unit
    aim = Aim(
        target=read_target(nearer.target, unit=unit, currency=community.currency),
        start=plan.today - timedelta(days=nearer.began),
        due=plan.today + timedelta(days=nearer.ends),
        metric=nearer.metric,
        params=dict(nearer.params),
    )
    words = Words(
        title=nearer.title,
        title_en=nearer.title_en,
        dimension=nearer.dimension,
        term=Goal.Term.SHORT if nearer.parent else Goal.Term.MIDDLE,
        parent=goals_of(community).filter(key=nearer.parent).first() if nearer.parent else None,
    )
    return create_goal(community, words=words, aim=aim, by=DEMO, key=nearer.key)


def _enter_answers(community: Community, start: date, plan: Plan) -> None:
    """What people answered when they were asked, as far as that day has come."""
    for key, answers in _ASKED.items():
        goal = goals_of(community).get(key=key)
        for days, value in answers:
            if (day := start + timedelta(days=days)) < plan.today:
                enter_value(goal, day=day, value=Decimal(value), by=DEMO)


def _tick_off(community: Community, plan: Plan) -> None:
    """What the playbook made due since was done on its day."""
    for work in still_open(work_in(community)).filter(due__lt=plan.today, origin_app="playbooks"):
        finish_work(work, by=DEMO, at=datetime.combine(work.due, time(16), LOCAL))


def _look_back(community: Community, plan: Plan) -> None:
    """How each goal stood on each of the last days, with an outlook on Sundays; then its weeks and alerts."""
    for goal in goals_of(community):
        for back in range(min(_SEEN, (plan.last - goal.start).days), 0, -1):
            day = plan.last - timedelta(days=back)
            look_at(goal, day=day, foretell=day.isoweekday() == _SUNDAY)
        look_at(goal, day=plan.last)
        keep_weeks(goal, day=plan.last)
        judge(goal)
