"""What the detectors look at: the daily figures of one community, read once, and slices of them as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from qunying.act.suggestions.waits import Wait, read_waits
from qunying.check.tracking.queries import latest_standings
from qunying.ground.events.spans import fact_span
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.groups.models import Membership
from qunying.kit.holidays import is_holiday_on_a_weekday
from qunying.kit.periods import Period, last_days
from qunying.plan.goals.queries import goals_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.check.tracking.models import Standing
    from qunying.ground.groups.models import Community
    from qunying.plan.goals.models import Goal

BACK = 200
"""How many days a nightly look reads."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
BLOCK = 28
FUNNEL_WINDOW = 14
_FIRST_BLOCK = date(2001, 1, 1)
"""A Monday: blocks of four weeks are counted from it, so that they do not move from night to night."""
_HOLIDAYS_SPOIL = 3


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody's first coming: on which local day, by which channel, and whether they were here a week later."""

    day: date
    channel: str
    stayed: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who came in one week (from its Monday), and how many of them did anything in the week after."""

    monday: date
    active: int
    size: int


@dataclass(frozen=True)
class History:
    """Figures of a community from `since` to `until` (local days, `until` over); each is read when first asked for."""

    community: Community
    since: date
    until: date

    @property
    def period(self) -> Period:
        """All of it."""
        return Period(self.since, self.until)

    @property
    def zone(self) -> ZoneInfo:
        """Whose days these are."""
        return ZoneInfo(self.community.timezone)

    @cached_property
    def groups(self) -> dict[int, str]:
        """Names of the groups by id."""
        return dict(self.community.groups.values_list("pk", "name"))

    @cached_property
    def messages(self) -> dict[int, dict[date, int]]:
        """Messages by group and day, without those of staff and bots."""
        return {group: self._daily("messages", group) for group in self.groups}

    @cached_property
    def speakers(self) -> dict[date, int]:
        """People who spoke, by day."""
        return self._daily("daily_speakers")

    @cached_property
    def orders(self) -> dict[date, int]:
        """Orders by day."""
        return self._daily("orders")

    @cached_property
    def cohorts(self) -> list[Cohort]:
        """Weekly cohorts whose second week is over, the oldest first."""
        if self.until - self.since < 2 * WEEK:
            return []
        rows = measure("cohorts", scope=self._scope(), period=self.period, grain="week", grade="seen").rows
        return [
            Cohort(row["cohort"], row["numerator"], row["denominator"])
            for row in rows
            if row["age"] == 1 and row["finished"] and row["cohort"] + 2 * WEEK - DAY <= self.until
        ]

    @cached_property
    def stays(self) -> list[Stay]:
        """First comings whose first week is over, in order of day; of joinings we know of."""
        return sorted(self._stays(), key=lambda stay: stay.day)

    @cached_property
    def waits(self) -> list[Wait]:
        """How long members waited until one of the staff spoke."""
        return read_waits(self.community, self.period.instants(self.zone), self.zone)

    @cached_property
    def minutes_waited(self) -> dict[date, list[float]]:
        """The minutes of the waits by the day they began on."""
        found: dict[date, list[float]] = {}
        for wait in self.waits:
            found.setdefault(wait.day, []).append(wait.minutes)
        return found

    @cached_property
    def standings(self) -> list[tuple[Goal, Standing]]:
        """The goals of the community with how tracking saw them last."""
        goals = {goal.pk: goal for goal in goals_of(self.community)}
        return [(goals[pk], standing) for pk, standing in sorted(latest_standings(goals).items())]

    @cached_property
    def _funnels(self) -> dict[date, list[int]]:
        return {}

    def funnel(self, first: date) -> list[int]:
        """People by step who began in the block of four weeks from this day."""
        if first not in self._funnels:
            block = Period(first, first + timedelta(days=BLOCK - 1))
            rows = measure("funnel", scope=self._scope(), period=block, window=FUNNEL_WINDOW * 24).rows
            self._funnels[first] = [row["value"] for row in rows]
        return self._funnels[first]

    @cached_property
    def funnel_names(self) -> list[str]:
        """The kinds of fact of each step."""
        rows = measure("funnel", scope=self._scope(), period=last_days(1, until=self.until)).rows
        return [row["name"] for row in rows]

    def _scope(self, group: int | None = None) -> Scope:
        return Scope((self.community.pk,), groups=(group,) if group else ())

    def _daily(self, metric: str, group: int | None = None) -> dict[date, int]:
        rows = measure(metric, scope=self._scope(group), period=self.period).rows
        return {row["day"]: int(row["value"] or 0) for row in rows}

    def _stays(self) -> Iterator[Stay]:
        begin, end = self.period.instants(self.zone)
        for intervals in self._intervals(begin - timedelta(days=400)).values():
            joined, channel = min((first, channel) for first, _left, channel in intervals)
            after = joined + WEEK
            if begin <= joined and after < end:
                here = any(first <= after and (left is None or left > after) for first, left, _channel in intervals)
                yield Stay(joined.astimezone(self.zone).date(), channel, here)

    def _intervals(self, since: datetime) -> Mapping[int, list[tuple[datetime, datetime | None, str]]]:
        rows = Membership.objects.filter(
            community=self.community,
            joined_at__gte=since,
            opened_by=Membership.Opened.JOINED,
            identity__member__is_staff=False,
            identity__member__is_bot=False,
        ).values_list("identity__member_id", "joined_at", "left_at", "channel_key")
        found: dict[int, list[tuple[datetime, datetime | None, str]]] = {}
        for member, first, left, channel in rows.iterator():
            found.setdefault(member, []).append((first, left, channel))
        return found


def read_history(community: Community, *, today: date | None = None, back: int = BACK) -> History | None:
    """The figures up to yesterday, or to the day of the last fact where the record ends earlier; None without facts.

    A record that ended is not a community that fell silent.
    """
    span = fact_span([community.pk])
    if span is None:
        return None
    zone = ZoneInfo(community.timezone)
    first, last = (moment.astimezone(zone).date() for moment in span)
    until = min((today or timezone.localdate(timezone=zone)) - DAY, last)
    return History(community, max(first, until - back * DAY), until) if until > first else None


@dataclass(frozen=True, slots=True)
class Look:
    """A history as it was known at the end of the day `until`: nothing later can be seen through it."""

    history: History
    until: date

    def recent(self, days: int = 7) -> Period:
        """The days that end with `until`."""
        return last_days(days, until=self.until)

    def weeks(self, daily: Mapping[date, int], *, count: int) -> list[int]:
        """Sums of the weeks before the last seven days, the newest first, as far back as the record of `daily` goes.

        Weeks with three or more public holidays on ordinary working days are left out: they are not usual.
        """
        begun = min((day for day, value in daily.items() if value), default=self.until)
        ends = [self.until - number * WEEK for number in range(1, count + 1)]
        whole = [last_days(7, until=end) for end in ends if end - 6 * DAY >= max(begun, self.history.since)]
        return [total(daily, week) for week in whole if not is_festive(week)]

    def cohorts(self) -> list[Cohort]:
        """Cohorts whose second week is over, the newest first."""
        return [one for one in reversed(self.history.cohorts) if one.monday + 2 * WEEK - DAY <= self.until]

    def stays(self, *, days: int) -> list[Stay]:
        """First comings of the last `days` whose first week is over."""
        return [one for one in self.history.stays if self.until - days * DAY <= one.day < self.until - WEEK]

    def waits(self, period: Period) -> list[float]:
        """Minutes people waited in the period."""
        days = (period.start + number * DAY for number in range(period.days))
        return [minutes for day in days for minutes in self.history.minutes_waited.get(day, ())]

    def blocks(self) -> list[date]:
        """First days of the blocks of four weeks whose funnels are over, the newest first."""
        over = self.until - timedelta(days=FUNNEL_WINDOW)
        newest = _FIRST_BLOCK + (over - _FIRST_BLOCK + DAY) // timedelta(days=BLOCK) * timedelta(days=BLOCK)
        first = newest - timedelta(days=BLOCK)
        found: list[date] = []
        while first >= self.history.since:
            found.append(first)
            first -= timedelta(days=BLOCK)
        return found


def total(daily: Mapping[date, int], period: Period) -> int:
    """The sum over the days of a period."""
    return sum(daily.get(period.start + number * DAY, 0) for number in range(period.days))


def series(daily: Mapping[date, int], period: Period) -> list[dict[str, object]]:
    """The days of a period as rows for a small chart."""
    days = [period.start + number * DAY for number in range(period.days)]
    return [{"day": day.isoformat(), "value": daily.get(day, 0)} for day in days]


@lru_cache(maxsize=4096)
def is_festive(week: Period) -> bool:
    """Whether three or more of these days are public holidays of the Chinese calendar that fall on Monday to Friday."""
    days = [week.start + number * DAY for number in range(week.days)]
    return sum(is_holiday_on_a_weekday(day) for day in days) >= _HOLIDAYS_SPOIL


def middle(values: Sequence[float]) -> float:
    """The median, 0 of nothing."""
    return float(median(values)) if values else 0.0
