"""Who joins which group when, through which channel, and who leaves again."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from math import exp
from typing import TYPE_CHECKING

from qunying.doors.demo.dice import Dice
from qunying.doors.demo.episodes import EARLY_LEAVING, What
from qunying.doors.demo.festivals import festivals_between
from qunying.doors.demo.people import LOCAL, Person, Stay, Voice, make_people, make_staff
from qunying.doors.demo.plan import ARTICLE, CORE_GROUP, FESTIVE, FLYER, REFERRAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.doors.demo.episodes import Episode
    from qunying.doors.demo.plan import Plan

_LAUNCH, _LAUNCH_DAYS = 45.0, 20.0
"""The shop asks its regular customers first: far more join at first, fading within weeks."""
_LATE_LEAVING = 0.0009
"""The chance of leaving on any day after the first week."""
_BACK = 0.22
_EARLY = 6
_SATURDAY = 5
_ARTICLE_DAYS = (1, 4)
_CORE_AFTER = 30


def make_stays(plan: Plan, episodes: Sequence[Episode]) -> list[Stay]:
    """Every membership of the example, in the order of joining; staff and bot first in each group."""
    dice = Dice(plan.seed, "arrivals")
    people = make_people(plan)
    stays: list[Stay] = []
    for number, (joined_at, channel) in enumerate(_joinings(plan, dice)):
        group = plan.groups[number // plan.fill]
        stays.append(Stay(people[number], group, joined_at, channel=channel))
    _let_leave(stays, plan, episodes, dice)
    _name_inviters(stays, dice)
    stays += _returns(stays, plan, episodes, dice)
    stays += _core_stays(stays, plan, dice)
    stays.sort(key=lambda stay: (stay.joined_at, stay.person.number))
    return [*_staff_stays(plan, stays), *stays]


def _joinings(plan: Plan, dice: Dice) -> list[tuple[datetime, str]]:
    found: list[tuple[datetime, str]] = []
    left = plan.members
    for channel, share in plan.shop.channels.items():
        count = left if channel == FESTIVE else min(left, round(plan.members * share))
        left -= count
        found += [(_at(day, dice), channel) for day in _spread(count, _pull(plan, channel), plan, dice)]
    return sorted(found)


def _at(day: date, dice: Dice) -> datetime:
    seconds = int(dice.between(9.5, 21.5) * 3600)
    return datetime.combine(day, time(), LOCAL) + timedelta(seconds=seconds)


def _spread(count: int, pull: list[float], plan: Plan, dice: Dice) -> list[date]:
    """`count` days, as many on each as its pull asks for, within one."""
    total, upto, number, days = sum(pull), 0.0, 0, []
    marks = [(place + dice.throw()) / count * total for place in range(count)]
    for mark in marks:
        while number < plan.days - 1 and upto + pull[number] <= mark:
            upto += pull[number]
            number += 1
        days.append(plan.day(number))
    return days


def _pull(plan: Plan, channel: str) -> list[float]:
    """How strongly a channel draws on each day of the history."""
    feasts = [festival.day for festival in festivals_between(plan.first, plan.last + timedelta(days=6))]
    return [_pull_of(plan.day(number), number, channel, feasts) for number in range(plan.days)]


def _pull_of(day: date, number: int, channel: str, feasts: list[date]) -> float:
    weekend = day.weekday() >= _SATURDAY
    if channel == FLYER:
        return 1.0 if weekend else 0.05
    if channel == FESTIVE:
        return 1.0 if any(timedelta() <= feast - day <= timedelta(days=5) for feast in feasts) else 0.04
    if channel == ARTICLE:
        return 1.0 if day.weekday() in _ARTICLE_DAYS else 0.25
    launch = 1.0 + _LAUNCH * exp(-number / _LAUNCH_DAYS)
    return launch * (1.3 if weekend else 1.0)


def _let_leave(stays: list[Stay], plan: Plan, episodes: Sequence[Episode], dice: Dice) -> None:
    """Early leavers are dealt, not thrown: each channel loses exactly the share that is written down."""
    dealt: Counter[str] = Counter()
    for stay in stays:
        if stay.person.voice is Voice.CORE:
            continue
        share = early_leaving(stay.channel, episodes)
        before, dealt[stay.channel] = dealt[stay.channel], dealt[stay.channel] + 1
        leaves_early = int((before + 1) * share) > int(before * share)
        days = dice.whole(1, _EARLY) if leaves_early else _later(dice)
        leaving = _at(stay.joined_at.date() + timedelta(days=days), dice)
        if leaving.date() <= plan.last:
            stay.left_at = leaving


def early_leaving(channel: str, episodes: Sequence[Episode]) -> float:
    """The share of a channel's joiners who leave within 7 days."""
    leak = [each.factor for each in episodes if each.what is What.LEAKY_CHANNEL and each.channel == channel]
    return EARLY_LEAVING * (leak[0] if leak else 1.0)


def _later(dice: Dice) -> int:
    days = 8
    while not dice.chance(_LATE_LEAVING * 7) and days < 4000:  # noqa: PLR2004 - longer than any history
        days += 7
    return days + dice.whole(0, 6)


def _name_inviters(stays: list[Stay], dice: Dice) -> None:
    """Friends bring friends: someone of the same group who has been there longer."""
    before: dict[str, list[Person]] = {}
    for stay in stays:
        known = before.setdefault(stay.group, [])
        if stay.channel == REFERRAL and known:
            talkers = [person for person in known if person.voice is not Voice.QUIET]
            stay.inviter = dice.pick(talkers if talkers and dice.chance(0.6) else known)
        if stay.left_at is None:
            known.append(stay.person)


def _returns(stays: list[Stay], plan: Plan, episodes: Sequence[Episode], dice: Dice) -> list[Stay]:
    """Some of those who left come back weeks later; nobody does who came through a leak."""
    leaks = {each.channel for each in episodes if each.what is What.LEAKY_CHANNEL}
    back = []
    for stay in stays:
        if stay.left_at is None or stay.channel in leaks or not dice.chance(_BACK):
            continue
        joined_at = _at(stay.left_at.date() + timedelta(days=dice.whole(15, 60)), dice)
        if joined_at.date() <= plan.last:
            back.append(Stay(stay.person, stay.group, joined_at, channel=stay.channel))
    return back


def _core_stays(stays: list[Stay], plan: Plan, dice: Dice) -> list[Stay]:
    """A month after joining, those who talk are asked into the core group as well."""
    asked: list[Stay] = []
    for stay in stays if plan.core else ():
        wanted = stay.person.voice is Voice.CORE or (stay.person.voice is Voice.REGULAR and dice.chance(0.5))
        joined_at = _at(stay.joined_at.date() + timedelta(days=_CORE_AFTER), dice)
        stays_on = stay.left_at is None or stay.left_at > joined_at + timedelta(days=1)
        first = all(other.person is not stay.person for other in asked)
        if wanted and stays_on and first and joined_at.date() <= plan.last:
            asked.append(Stay(stay.person, CORE_GROUP, joined_at, stay.left_at, is_main=False))
    return asked


def _staff_stays(plan: Plan, stays: list[Stay]) -> list[Stay]:
    opened: dict[str, datetime] = {}
    for stay in stays:
        opened.setdefault(stay.group, stay.joined_at)
    return [
        Stay(person, group, at - timedelta(minutes=30), role=role, is_main=False)
        for group, at in opened.items()
        for person, role in make_staff(plan)
    ]
