"""The planted episodes: what goes wrong or well in the example, written down so that tests can ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from qunying.doors.demo.festivals import Festival, festivals_between
from qunying.doors.demo.plan import FLYER

if TYPE_CHECKING:
    from qunying.doors.demo.plan import Plan


class What(StrEnum):
    """The kinds of episode."""

    BAD_WEEK = "bad_week"
    SILENT_GROUP = "silent_group"
    FESTIVAL_PEAK = "festival_peak"
    LEAKY_CHANNEL = "leaky_channel"


@dataclass(frozen=True, slots=True)
class Episode:
    """One planted episode: when (local days, both included), where, and what was multiplied by how much.

    `group` and `channel` are empty where the whole community is meant. `measures` names what changed.
    """

    what: What
    name: str
    first: date
    last: date
    measures: tuple[str, ...]
    factor: float
    group: str = ""
    channel: str = ""

    def covers(self, day: date) -> bool:
        """Whether the episode is on that day."""
        return self.first <= day <= self.last


EARLY_LEAVING = 0.08
"""The share of joiners who leave within 7 days, on every channel without a leak."""
LEAK = 3.0
PEAK = 4.0
BAD = 0.4
_ORDINARY_LIFT = 1.3
"""In a history without episodes no festival lifts orders more than this."""
_PEAK_DAYS = 2
_SILENT_GROUP = 1
_CLEAR_DAYS = 4
_FAVOURITES = ("七夕", "520", "母亲节", "情人节")


def plan_episodes(plan: Plan) -> tuple[Episode, ...]:
    """The episodes of this plan; none in a quiet one."""
    if plan.quiet:
        return (_leak(plan),) if plan.shop.leaky else ()
    peak = peak_festival(plan)
    return (_bad_week(plan, peak), _silent_group(plan), _peak(peak), _leak(plan))


def peak_festival(plan: Plan) -> Festival:
    """The festival of the peak: the shop's favourite one that has a fortnight on either side.

    Where the history holds none, the shop's own birthday, in the middle.
    """
    held = festivals_between(plan.first + timedelta(days=21), plan.last - timedelta(days=14))
    for name in _FAVOURITES:
        for festival in held:
            if festival.name == name:
                return festival
    return Festival("店庆", plan.day(plan.days // 2), 1.0)


def ordinary_lift(festival: Festival, plan: Plan) -> float:
    """How many times the usual orders a festival brings when it is not the planted peak."""
    return min(festival.lift, _ORDINARY_LIFT) if plan.quiet else festival.lift


def _bad_week(plan: Plan, peak: Festival) -> Episode:
    """A Monday to Sunday a little past the middle, clear of every festival."""
    busy = [festival.day for festival in festivals_between(plan.first, plan.last)] + [peak.day]
    middle = plan.day(int(plan.days * 0.55))
    monday = middle - timedelta(days=middle.weekday())
    candidates = sorted((monday + timedelta(weeks=step) for step in range(-5, 6)), key=lambda day: abs(day - monday))
    clear = [day for day in candidates if _is_clear(day, busy)]
    start = (clear or candidates)[0]
    return Episode(What.BAD_WEEK, "糟糕的一周", start, start + timedelta(days=6), ("messages", "reads"), BAD)


def _is_clear(monday: date, busy: list[date]) -> bool:
    begin, end = monday - timedelta(days=_CLEAR_DAYS), monday + timedelta(days=6 + _CLEAR_DAYS)
    return not any(begin <= day <= end for day in busy)


def _silent_group(plan: Plan) -> Episode:
    """From a Monday about a sixth of the history before its end, to the end."""
    start = plan.last - timedelta(days=max(21, plan.days // 6))
    start -= timedelta(days=start.weekday())
    group = plan.groups[_SILENT_GROUP]
    return Episode(What.SILENT_GROUP, "沉默的群", start, plan.last, ("messages",), 0.0, group=group)


def _peak(festival: Festival) -> Episode:
    first = festival.day - timedelta(days=_PEAK_DAYS)
    return Episode(What.FESTIVAL_PEAK, f"{festival.name}高峰", first, festival.day, ("orders",), PEAK)


def _leak(plan: Plan) -> Episode:
    return Episode(
        What.LEAKY_CHANNEL, "漏水的渠道", plan.first, plan.last, ("leaves_within_7_days",), LEAK, channel=FLYER
    )
