"""Activities: the weekly quiz, the monthly hands-on class, the monthly member day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from qunying.doors.demo.dice import Dice
from qunying.doors.demo.happenings import Happening
from qunying.doors.demo.people import Stay, Voice
from qunying.doors.demo.rhythm import QUIZ_DAY, clock, is_member_day, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.doors.demo.plan import Plan

_SATURDAY = 5
_QUIZ = {Voice.CORE: 0.75, Voice.REGULAR: 0.33, Voice.QUIET: 0.06}
_CLASS = {Voice.CORE: 0.10, Voice.REGULAR: 0.035, Voice.QUIET: 0.004}
_PROMOTION = {Voice.CORE: 0.30, Voice.REGULAR: 0.16, Voice.QUIET: 0.05}
_PLACES = 30
_COMES = 0.76
_SIGN_UP_DAYS = 7
_PROMOTION_DAYS = 3


class Gatherings:
    """Remembers who signed up for what, so that only they attend, and a class never overflows."""

    def __init__(self, plan: Plan) -> None:
        """Dice of its own."""
        self.dice = Dice(plan.seed, "gatherings")
        self.signed_up: dict[str, dict[int, Stay]] = {}

    def play(self, day: date, stays: Sequence[Stay]) -> list[Happening]:
        """What happens around activities on this day among those who are there."""
        done: list[Happening] = []
        if day.weekday() == QUIZ_DAY:
            done += self._quiz(day, stays)
        class_day = next_class(day)
        if timedelta() < class_day - day <= timedelta(days=_SIGN_UP_DAYS):
            done += self._sign_up(day, stays, f"diy-{class_day:%Y%m}", _CLASS, places=_PLACES)
        if day == class_day:
            done += self._attend(stays, f"diy-{day:%Y%m}", day, hour=14)
        if timedelta() < member_day(day) - day <= timedelta(days=_PROMOTION_DAYS):
            done += self._sign_up(day, stays, f"promotion-{day:%Y%m}", _PROMOTION)
        if is_member_day(day):
            done += self._attend(stays, f"promotion-{day:%Y%m}", day, hour=None)
        return done

    def _quiz(self, day: date, stays: Sequence[Stay]) -> list[Happening]:
        """Everyone answers between eight and twenty past eight in the evening."""
        quiz = f"quiz-{day:%G-W%V}"
        there = [stay for stay in stays if self.dice.chance(_QUIZ[stay.person.voice]) and stay.joined_at.date() < day]
        return [
            Happening("answered", clock(day, 20, 0, self.dice, within=1200), stay.person, stay.group, "quiz", quiz)
            for stay in there
        ]

    def _sign_up(
        self, day: date, stays: Sequence[Stay], activity: str, rates: dict[Voice, float], *, places: int = 10**6
    ) -> list[Happening]:
        taken = self.signed_up.setdefault(activity, {})
        done = []
        for stay in stays:
            number = stay.person.number
            if number in taken or stay.joined_at.date() >= day or not self.dice.chance(rates[stay.person.voice]):
                continue
            if len(taken) >= places:
                break
            taken[number] = stay
            at = moment(day, self.dice)
            done.append(Happening("signed_up", at, stay.person, stay.group, "activity", activity))
        return done

    def _attend(self, stays: Sequence[Stay], activity: str, day: date, *, hour: int | None) -> list[Happening]:
        there = {stay.person.number for stay in stays}
        coming = [stay for stay in self.signed_up.get(activity, {}).values() if stay.person.number in there]
        return [
            Happening("attended", self._arrives(day, hour), stay.person, stay.group, "activity", activity)
            for stay in coming
            if self.dice.chance(_COMES)
        ]

    def _arrives(self, day: date, hour: int | None) -> datetime:
        return moment(day, self.dice, buying=True) if hour is None else clock(day, hour, 0, self.dice, within=900)


def next_class(day: date) -> date:
    """The second Saturday of this month, or of the next once that is over."""
    found = _second_saturday(day.year, day.month)
    if found >= day:
        return found
    return _second_saturday(day.year + day.month // 12, day.month % 12 + 1)


def _second_saturday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_SATURDAY - first.weekday()) % 7 + 7)


def member_day(day: date) -> date:
    """The member day of this month."""
    return day.replace(day=18)
