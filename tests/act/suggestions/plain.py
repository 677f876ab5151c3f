"""The figures of a simulated history counted in plain Python, without database, lake or catalogue.

So that whole years, and several of them, can be looked at in seconds. `test_plain.py` holds every one of
these counts against the product's own figures of the same history.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qunying.act.suggestions.history import BLOCK, FUNNEL_WINDOW, WEEK, Cohort, History, Look, Stay
from qunying.act.suggestions.waits import Said, find_waits
from qunying.doors.demo.people import LOCAL
from qunying.ground.figures.metrics.funnel import _STEPS
from qunying.ground.groups.models import Community
from qunying.kit.periods import week_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.doors.demo.happenings import History as Simulated
    from qunying.doors.demo.people import Person

_DAY = timedelta(days=1)


class Plain:
    """Counts of one simulated history."""

    def __init__(self, simulated: Simulated) -> None:
        self.simulated = simulated
        self.since, self.until = simulated.plan.first, simulated.plan.last
        self.days = [self.since + number * _DAY for number in range(simulated.plan.days)]
        self.numbers = {name: number for number, name in enumerate(sorted({stay.group for stay in simulated.stays}))}

    def history(self) -> History:
        """As the detectors read it."""
        found = History(Community(name="花间小筑", slug="plain"), self.since, self.until)
        found.__dict__.update(
            {
                "groups": {number: name for name, number in self.numbers.items()},
                "messages": {number: self.messages(name) for name, number in self.numbers.items()},
                "speakers": self.speakers(),
                "orders": self.daily(order.at.date() for order in self.simulated.orders),
                "cohorts": list(self.cohorts()),
                "stays": sorted(self.stays(), key=lambda stay: stay.day),
                "standings": [],
                "waits": find_waits(self.said(), ZoneInfo("Asia/Shanghai")),
                "funnel_names": list(_STEPS),
            }
        )
        found.__dict__["_funnels"] = {first: self.funnel(first) for first in Look(found, self.until).blocks()}
        return found

    def daily(self, days: Iterator[date]) -> dict[date, int]:
        counted = Counter(days)
        return {day: counted[day] for day in self.days}

    def messages(self, group: str) -> dict[date, int]:
        return self.daily(
            each.at.date()
            for each in self.simulated.happenings
            if each.kind == "spoke" and each.group == group and _counts(each.person)
        )

    def speakers(self) -> dict[date, int]:
        return self.daily(
            day
            for day, _who in {
                (each.at.date(), each.person.number)
                for each in self.simulated.happenings
                if each.kind == "spoke" and _counts(each.person)
            }
        )

    def acts(self) -> Iterator[tuple[int, datetime, str]]:
        """Person, instant and kind of everything people did of their own."""
        for each in self.simulated.happenings:
            if _counts(each.person):
                yield each.person.number, each.at, each.kind
        for order in self.simulated.orders:
            yield order.person.number, order.at, "ordered"
            if order.refunded_at is not None:
                yield order.person.number, order.refunded_at, "refunded"

    def intervals(self) -> dict[int, list[tuple[datetime, datetime | None, str]]]:
        found: dict[int, list[tuple[datetime, datetime | None, str]]] = defaultdict(list)
        for stay in self.simulated.stays:
            if _counts(stay.person):
                found[stay.person.number].append((stay.joined_at, stay.left_at, stay.channel))
        return found

    def stays(self) -> Iterator[Stay]:
        end = datetime.combine(self.until + _DAY, datetime.min.time(), LOCAL)
        for spans in self.intervals().values():
            joined, _left, channel = min(spans, key=lambda span: (span[0], span[2]))
            after = joined + WEEK
            if after < end:
                here = any(first <= after and (left is None or left > after) for first, left, _channel in spans)
                yield Stay(joined.date(), channel, here)

    def cohorts(self) -> Iterator[Cohort]:
        active = {(who, week_of(at.date()).start) for who, at, _kind in self.acts()}
        people: dict[date, set[int]] = defaultdict(set)
        for who, spans in self.intervals().items():
            people[week_of(min(first for first, _left, _channel in spans).date()).start].add(who)
        monday = week_of(self.since).start
        while monday + 2 * WEEK - _DAY <= self.until:
            mine = people[monday]
            yield Cohort(monday, sum((who, monday + WEEK) in active for who in mine), len(mine))
            monday += WEEK

    def said(self) -> Iterator[Said]:
        rows = [
            Said(self.numbers[each.group], each.at, each.person.is_staff)
            for each in self.simulated.happenings
            if each.kind == "spoke" and not each.person.is_bot
        ]
        return iter(sorted(rows, key=lambda said: (said.group or 0, said.at)))

    def funnel(self, first: date) -> list[int]:
        """How many reached each step: the longest climb within the window, beginning again at every first step."""
        steps = [set(name.split("+")) for name in _STEPS]
        window, reached = timedelta(days=FUNNEL_WINDOW), Counter[int]()
        reach = (_midnight(first), _midnight(first + timedelta(days=BLOCK + FUNNEL_WINDOW)))
        for everything in self._by_person().values():
            begin, end = (bisect_left(everything, (moment, "")) for moment in reach)
            acts = everything[begin:end]
            begun: list[datetime | None] = [None] * len(steps)
            best = 0
            for at, kind in acts:
                for step in reversed(range(len(steps))):
                    if kind not in steps[step]:
                        continue
                    if step == 0:
                        begun[0] = at if first <= at.date() < first + timedelta(days=BLOCK) else begun[0]
                    elif (start := begun[step - 1]) is not None and at <= start + window:
                        begun[step] = start
                best = max([best, *(step + 1 for step, start in enumerate(begun) if start is not None)])
            for step in range(best):
                reached[step] += 1
        return [reached[step] for step in range(len(steps))]

    def _by_person(self) -> dict[int, list[tuple[datetime, str]]]:
        if not hasattr(self, "_people"):
            self._people: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
            for who, at, kind in sorted(self.acts(), key=lambda act: act[1]):
                self._people[who].append((at, kind))
        return self._people


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def _counts(person: Person) -> bool:
    return not person.is_staff and not person.is_bot
