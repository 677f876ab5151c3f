"""The rhythm of days and hours, and what the episodes do to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from qunying.doors.demo.episodes import What, ordinary_lift
from qunying.doors.demo.festivals import festivals_between
from qunying.doors.demo.people import LOCAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.doors.demo.dice import Dice
    from qunying.doors.demo.episodes import Episode
    from qunying.doors.demo.festivals import Festival
    from qunying.doors.demo.plan import Plan

_TALK_BY_WEEKDAY = (0.92, 0.95, 1.05, 0.95, 1.08, 1.12, 0.98)
_BUY_BY_WEEKDAY = (0.85, 0.90, 0.95, 1.00, 1.20, 1.25, 0.95)
_HOURS = (
    (0, 1.0), (1, 0.4), (5, 0.3), (6, 1.6), (7, 4.0), (8, 6.5), (9, 5.5), (10, 5.5), (11, 5.0), (12, 7.0), (13, 5.0),
    (14, 4.0), (15, 4.2), (16, 4.4), (17, 5.0), (18, 6.0), (19, 7.5), (20, 10.0), (21, 10.5), (22, 7.0), (23, 3.0),
)  # fmt: skip
_BUY_HOURS = (
    (8, 3.0), (9, 6.0), (10, 8.0), (11, 7.0), (12, 8.0), (13, 5.0), (14, 5.0), (15, 5.0), (16, 5.0), (17, 6.0),
    (18, 6.0), (19, 7.0), (20, 9.0), (21, 7.0), (22, 3.0),
)  # fmt: skip
_EVE = 2
_NEW_YEAR_DAYS = 6
_MEMBER_DAY = 18
QUIZ_DAY = 2
"""Wednesday."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How one day differs from another: how many times the usual talk, reads and orders."""

    day: date
    talk: float
    read: float
    buy: float
    festival: str = ""
    """The festival people speak about, up to ten days ahead."""


def mood_of(day: date, plan: Plan, episodes: Sequence[Episode]) -> Mood:
    """The mood of a day: weekday, festivals, member day, and whatever episode is on."""
    near = festivals_between(day - timedelta(days=_NEW_YEAR_DAYS), day + timedelta(days=10))
    talk, buy = _TALK_BY_WEEKDAY[day.weekday()], _BUY_BY_WEEKDAY[day.weekday()]
    talk *= _festive_talk(day, near)
    buy *= _festive_orders(day, near, plan, episodes)
    bad = factor(What.BAD_WEEK, day, episodes)
    ahead = [festival.name for festival in near if festival.day >= day]
    lively = bad * plan.shop.lively
    return Mood(day, talk * lively, lively * (0.9 + 0.1 * talk), buy, ahead[0] if ahead else "")


def factor(what: What, day: date, episodes: Sequence[Episode]) -> float:
    """By how much an episode of this kind multiplies what it touches on that day; 1 where none is on."""
    return next((each.factor for each in episodes if each.what is what and each.covers(day)), 1.0)


def is_silent(group: str, day: date, episodes: Sequence[Episode]) -> bool:
    """Whether nobody but the bot speaks in the group on that day."""
    return any(each.what is What.SILENT_GROUP and each.group == group and each.covers(day) for each in episodes)


def is_member_day(day: date) -> bool:
    """The shop's monthly promotion is on the 18th."""
    return day.day == _MEMBER_DAY


def _festive_talk(day: date, near: list[Festival]) -> float:
    for festival in near:
        if festival.name == "春节" and timedelta() <= day - festival.day <= timedelta(days=_NEW_YEAR_DAYS):
            return 0.75
        if timedelta() <= festival.day - day <= timedelta(days=1):
            return 1.25
    return 1.0


def _festive_orders(day: date, near: list[Festival], plan: Plan, episodes: Sequence[Episode]) -> float:
    peak = factor(What.FESTIVAL_PEAK, day, episodes)
    if peak != 1.0:
        # The weekday is taken out again, so that the peak is as many times the usual as is written down.
        return peak / _BUY_BY_WEEKDAY[day.weekday()]
    lifts = [ordinary_lift(each, plan) for each in near if timedelta() <= each.day - day <= timedelta(days=_EVE)]
    return max([1.0, *lifts, 1.3 if is_member_day(day) else 1.0])


def moment(day: date, dice: Dice, *, buying: bool = False) -> datetime:
    """A time on that day, as likely as people are awake and at the phone."""
    hour = dice.weigh(_BUY_HOURS if buying else _HOURS)
    return datetime.combine(day, time(hour), LOCAL) + timedelta(seconds=dice.whole(0, 3599))


def clock(day: date, hour: int, minute: int, dice: Dice, *, within: int = 300) -> datetime:
    """About that time: up to `within` seconds later."""
    return datetime.combine(day, time(hour, minute), LOCAL) + timedelta(seconds=dice.whole(0, within))
