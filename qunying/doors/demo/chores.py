"""The work and the goals of the chain: what was due when, and what was done of it in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from qunying.doors.demo.dice import Dice
from qunying.doors.demo.people import LOCAL

if TYPE_CHECKING:
    from qunying.doors.demo.plan import Plan

_WEEKS = 12
_CHORES = {
    0: ("chore-content", "排好本周的内容"),
    2: ("chore-quiz", "备好周三问答的题和奖品"),
    4: ("chore-visit", "回访七天没说话的老客"),
    6: ("chore-summary", "写本周小结发给区经理"),
}
"""Weekday → what is due on it each week, by the key that makes it one line however often it is missed."""
_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Chore:
    """One time of work that comes round each week: due on a local day, done at a moment, or (None) not."""

    key: str
    title: str
    due: date
    done_at: datetime | None


def make_chores(plan: Plan, misses: float) -> list[Chore]:
    """The work of twelve weeks and of the week to come; `misses` of it is done late or not at all, by turns.

    What goes wrong is dealt, not thrown, and evenly over time: every month shows the share that is written down.
    """
    dice = Dice(plan.seed, "chores")
    days = [plan.today - timedelta(days=number) for number in range(_WEEKS * 7, -_AHEAD, -1)]
    made: list[Chore] = []
    past, missed, turn = 0, 0, dice.throw()
    for day in (day for day in days if day.weekday() in _CHORES):
        if day >= plan.today:
            made.append(Chore(*_CHORES[day.weekday()], day, None))
            continue
        past += 1
        wrong = int(past * misses + turn) > missed
        missed += wrong
        made.append(Chore(*_CHORES[day.weekday()], day, _done_at(plan, day, dice, missed if wrong else 0)))
    return made


def _done_at(plan: Plan, due: date, dice: Dice, missed: int) -> datetime | None:
    """In time, in the afternoon of the day or the one before; of those missed every second one days late, if at all."""
    at = time(dice.whole(13, 19), dice.whole(0, 59))
    if not missed:
        return datetime.combine(due - timedelta(days=dice.whole(0, 1)), at, LOCAL)
    late = due + timedelta(days=dice.whole(1, 4))
    return datetime.combine(late, at, LOCAL) if missed % 2 and late < plan.today else None


@dataclass(frozen=True, slots=True)
class Aim:
    """One goal every outlet has: the chain asks the same of all."""

    key: str
    title: str
    title_en: str
    dimension: str
    metric: str
    target: str
    params: tuple[tuple[str, str], ...] = ()
    direction: str = "up"


AIMS = (
    Aim("present", "门店群留住112人", "Keep 112 people in the store's group", "user", "members_present", "112"),
    Aim(
        "interacting",
        "五成半成员参与互动",
        "Eleven in twenty members interact",
        "interaction",
        "active_rate",
        "55%",
        (("grade", "interactive"),),
    ),
    Aim("churn", "流失率不超过4%", "Churn of 4 % at most", "user", "churn_rate", "4%", direction="down"),
)
BEGAN, ENDS = 60, 30
"""The goals run from so many days ago to so many days ahead."""
