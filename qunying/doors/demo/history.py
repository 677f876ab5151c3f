"""A year in the flower shop's groups, day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from qunying.doors.demo.arrivals import make_stays
from qunying.doors.demo.dice import Dice
from qunying.doors.demo.episodes import plan_episodes
from qunying.doors.demo.gatherings import Gatherings
from qunying.doors.demo.happenings import Happening, History
from qunying.doors.demo.people import Person, Stay, Voice
from qunying.doors.demo.plan import REFERRAL, Plan
from qunying.doors.demo.rhythm import is_silent, moment, mood_of
from qunying.doors.demo.shop import make_orders
from qunying.doors.demo.talk import Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.doors.demo.episodes import Episode
    from qunying.doors.demo.happenings import Order
    from qunying.doors.demo.rhythm import Mood

_SIGNS = (("❤", 5.0), ("👍", 4.0), ("🌹", 3.0), ("😂", 2.0), ("👏", 1.0))
_GREETS = 0.25
_LOOKS = 0.85
_SILENT_READS = 0.5
_SECOND_GROUP = 0.6
_COMPLAINS = 0.3
_ARTICLE_DAYS = (1, 4)


def simulate(plan: Plan) -> History:
    """The whole history of the plan; the same plan gives the same history."""
    episodes = plan_episodes(plan)
    stays = make_stays(plan, episodes)
    orders = make_orders(plan, episodes, stays)
    happenings = _Days(plan, episodes, stays).play()
    happenings += _invitations(plan, stays)
    happenings += _complaints(plan, episodes, stays, orders)
    happenings.sort(key=lambda each: (each.at, each.group, each.person.number, each.kind, each.object_id))
    return History(plan, episodes, stays, happenings, orders)


class _Days:
    """Plays the days one after another; holds who is in which group on the day at hand."""

    def __init__(self, plan: Plan, episodes: Sequence[Episode], stays: Sequence[Stay]) -> None:
        self.plan, self.episodes = plan, episodes
        self.dice = Dice(plan.seed, "days")
        self.gatherings = Gatherings(plan)
        self.waiting = sorted(stays, key=lambda stay: stay.joined_at, reverse=True)
        self.present: dict[str, list[Stay]] = {group: [] for group in (*plan.groups, *plan.core)}
        self.done: list[Happening] = []

    def play(self) -> list[Happening]:
        for number in range(self.plan.days):
            day = self.plan.day(number)
            fresh = self._move(day)
            mood = mood_of(day, self.plan, self.episodes)
            for group, stays in self.present.items():
                if stays:
                    self._play_group(group, stays, mood, fresh.get(group, []))
            settled = [stay for stays in self.present.values() for stay in stays if stay.is_main]
            self.done += self.gatherings.play(day, [stay for stay in settled if self._may_act(stay, mood)])
        return self.done

    def _may_act(self, stay: Stay, mood: Mood) -> bool:
        if stay.person.away(mood.day):
            return False
        return not is_silent(stay.group, mood.day, self.episodes) and self.dice.chance(mood.read)

    def _move(self, day: date) -> dict[str, list[Stay]]:
        """Those who left go, those who joined before today are in; who joins today comes back by group."""
        for group, stays in self.present.items():
            self.present[group] = [stay for stay in stays if stay.left_at is None or stay.left_at.date() > day]
        fresh: dict[str, list[Stay]] = {}
        while self.waiting and self.waiting[-1].joined_at.date() <= day:
            stay = self.waiting.pop()
            self.present[stay.group].append(stay)
            fresh.setdefault(stay.group, []).append(stay)
        return fresh

    def _play_group(self, group: str, stays: list[Stay], mood: Mood, fresh: list[Stay]) -> None:
        crew = [stay.person for stay in stays if stay.person.is_staff]
        bot = next(stay.person for stay in stays if stay.person.is_bot)
        quiet = is_silent(group, mood.day, self.episodes)
        room = Room(group, mood, [] if quiet else crew, self.dice)
        new = {stay.person.number for stay in fresh}
        if bot.number not in new:
            self.done += room.announce(bot)
        voices: list[Person] = []
        for stay in stays:
            person = stay.person
            if person.is_staff or person.is_bot or person.number in new or person.away(mood.day):
                continue
            voices += self._act(stay, mood, quiet=quiet)
        if not quiet:
            self.done += room.converse(voices)
            self._greet(room, fresh, [person for person in voices if person.voice is not Voice.QUIET])
        for stay in fresh:
            if not stay.person.is_staff and not stay.person.is_bot:
                self._look_around(stay)

    def _greet(self, room: Room, fresh: list[Stay], welcomers: list[Person]) -> None:
        for stay in fresh:
            if stay.is_main and not stay.person.is_staff and self.dice.chance(_GREETS * room.mood.talk):
                self.done += room.greet(stay, welcomers)

    def _look_around(self, stay: Stay) -> None:
        """Most of those who come in read the announcement first."""
        if not self.dice.chance(_LOOKS):
            return
        at = stay.joined_at + timedelta(seconds=self.dice.whole(15, 600))
        self.done.append(Happening("read", at, stay.person, stay.group, "message", "announcement"))

    def _act(self, stay: Stay, mood: Mood, *, quiet: bool) -> list[Person]:
        """What one person does in one group on one day; gives the person back once for every message to say."""
        person, interest = stay.person, _interest(stay, mood.day)
        part = interest if stay.is_main else interest * _SECOND_GROUP
        opens = self.dice.chance(person.reads * part * mood.read * (_SILENT_READS if quiet else 1.0))
        if opens:
            self._read(stay, mood)
        if quiet:
            return []
        if opens:
            self._respond(stay, mood)
        if stay.is_main and self.dice.chance(person.checks_in * interest * mood.talk):
            self._check_in(stay, mood)
        eager = 2.0 if person.voice is Voice.QUIET and (mood.day - stay.joined_at.date()).days <= 7 else 1.0  # noqa: PLR2004 - the first week
        return [person] * self.dice.poisson(person.talks * part * eager * mood.talk)

    def _read(self, stay: Stay, mood: Mood) -> None:
        for _ in range(1 + self.dice.poisson(0.8)):
            back = self.dice.whole(0, 2)
            posted = max(mood.day - timedelta(days=back), stay.joined_at.date())
            at = moment(mood.day, self.dice)
            self.done.append(Happening("read", at, stay.person, stay.group, "message", f"tip-{posted:%Y%m%d}"))

    def _respond(self, stay: Stay, mood: Mood) -> None:
        """Signs under messages; likes, comments and shares of the shop's articles on the days they come out."""
        busy = 1.0 if stay.person.voice is Voice.QUIET else 3.0
        if self.dice.chance(0.07 * busy):
            at, sign = moment(mood.day, self.dice), self.dice.weigh(_SIGNS)
            payload = {"sign": sign}
            self.done.append(
                Happening("reacted", at, stay.person, stay.group, "message", f"tip-{mood.day:%Y%m%d}", payload=payload)
            )
        if mood.day.weekday() in _ARTICLE_DAYS and self.dice.chance(0.12):
            self._article(stay, mood, busy)

    def _article(self, stay: Stay, mood: Mood, busy: float) -> None:
        article, at = f"article-{mood.day:%Y%m%d}", moment(mood.day, self.dice)
        chain = [("read", 1.0), ("liked", 0.35 * busy / 2), ("commented", 0.10 * busy / 2), ("shared", 0.05)]
        for kind, probability in chain:
            if self.dice.chance(probability):
                self.done.append(Happening(kind, _later(at, self.dice), stay.person, stay.group, "article", article))

    def _check_in(self, stay: Stay, mood: Mood) -> None:
        at = moment(mood.day, self.dice)
        challenge = f"care-{mood.day:%Y%m}"
        self.done.append(Happening("checked_in", at, stay.person, stay.group, "challenge", challenge))


def _interest(stay: Stay, day: date) -> float:
    """How much of the first day's curiosity is left: those who talk keep it, most others lose two thirds."""
    if stay.person.voice is not Voice.QUIET:
        return 1.0
    age = (day - stay.joined_at.date()).days
    return 0.34 + 0.66 * 0.955**age


def _later(at: datetime, dice: Dice) -> datetime:
    """Up to five minutes later, on the same day."""
    later = at + timedelta(seconds=dice.whole(0, 300))
    return later if later.date() == at.date() else at


def _invitations(plan: Plan, stays: Sequence[Stay]) -> list[Happening]:
    """Each friend who came was invited a day or so before; some who were asked never came."""
    dice = Dice(plan.seed, "invitations")
    done = []
    for stay in stays:
        if stay.channel != REFERRAL or stay.inviter is None:
            continue
        inviter, group = stay.inviter, stay.group
        home = next(each for each in stays if each.person is inviter and each.group == group)
        at = max(stay.joined_at - timedelta(hours=dice.between(0.5, 30)), home.joined_at + timedelta(minutes=5))
        if at < stay.joined_at:
            done.append(Happening("invited", at, inviter, group, target=stay.person))
        if dice.chance(0.4) and at + timedelta(minutes=9) < stay.joined_at:
            done.append(Happening("invited", at + timedelta(minutes=9), inviter, group))
    return done


def _complaints(
    plan: Plan, episodes: Sequence[Episode], stays: Sequence[Stay], orders: Sequence[Order]
) -> list[Happening]:
    """Some of those whose money went back had complained first, in their group."""
    dice = Dice(plan.seed, "complaints")
    homes = {stay.person.number: stay for stay in stays if stay.is_main}
    done = []
    for order in orders:
        if order.refunded_at is None or not dice.chance(_COMPLAINS):
            continue
        home, at = homes[order.person.number], order.refunded_at - timedelta(minutes=dice.whole(20, 120))
        if at < home.joined_at:
            continue
        done.append(Happening("complained", at, order.person, home.group, "order", order.number))
        if not is_silent(home.group, at.date(), episodes):
            room = Room(home.group, mood_of(at.date(), plan, episodes), [], dice)
            done.append(room.complain(order.person, at + timedelta(seconds=30)))
    return done
