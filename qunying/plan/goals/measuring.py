"""What the figure of a goal is on a day, and what it was on each day before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qunying.ground.events.spans import fact_span
from qunying.ground.figures.recorded import gap_in
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.kit.periods import Period, last_days
from qunying.plan.goals.readings import Reading, reading_of, ripe_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from qunying.ground.figures.recorded import Gap
    from qunying.ground.groups.models import Community
    from qunying.plan.goals.models import Goal, HandValue

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Measured:
    """A reading: value in the unit of the goal, with numerator and denominator of a rate, over these days."""

    value: float | None
    numerator: float | None
    denominator: float | None
    period: Period


@dataclass(frozen=True, slots=True)
class Spot:
    """One point of a line: the value when this local day ended."""

    day: date
    value: float


def local_days(community: Community) -> Period | None:
    """The local days of the community's first and last fact; None without facts."""
    span = fact_span([community.pk])
    if span is None:
        return None
    zone = ZoneInfo(community.timezone)
    return Period(span[0].astimezone(zone).date(), span[1].astimezone(zone).date())


def measured_on(goal: Goal, day: date) -> Measured | None:
    """The goal's figure when `day` ended, over the days that make it comparable; None where none was entered."""
    if goal.by_hand:
        entered = last_entered(goal, day)
        return None if entered is None else _entered(entered)
    return _figure(goal, period_for(goal, day))


def gap_under(goal: Goal, measured: Measured | None) -> Gap | None:
    """What was never recorded of all that the goal counts; None where the reading says something, or a person did."""
    if goal.by_hand or (measured is not None and measured.value):
        return None
    return gap_in(goal.metric, goal.params, scope=Scope((goal.community_id,)))


def period_for(goal: Goal, day: date) -> Period:
    """The days over which the goal is read on `day`: one, those since its start, or the last of its window."""
    reading = reading_of(goal.metric)
    if reading is Reading.TOTAL:
        return Period(min(goal.start, day), day)
    return last_days(goal.window, until=ripe_day(goal.metric, goal.params, day))


def last_entered(goal: Goal, day: date) -> HandValue | None:
    """The value a person entered last for a day up to `day`."""
    return goal.values.filter(day__lte=day).order_by("-day", "-pk").first()


def _entered(value: HandValue) -> Measured:
    return Measured(
        float(value.value), _number(value.numerator), _number(value.denominator), Period(value.day, value.day)
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _figure(goal: Goal, period: Period) -> Measured:
    figure = measure(goal.metric, scope=Scope((goal.community_id,)), period=period, **goal.params)
    # Counts carry themselves as numerator; only a rate has the two to show.
    rate = figure.denominator is not None
    return Measured(figure.value, figure.numerator if rate else None, figure.denominator, period)


def measured_over(goal: Goal, period: Period) -> Measured:
    """The goal's figure over other days, such as those before it began."""
    return _figure(goal, period)


def line_of(goal: Goal, period: Period) -> list[Spot]:
    """The figure at the end of each day of the period (of every seventh, for windows), oldest first.

    Totals are what each day added. Days on which nothing can be said are left out.
    """
    reading = reading_of(goal.metric)
    if reading is Reading.HAND:
        latest = {value.day: float(value.value) for value in goal.values.filter(day__range=(period.start, period.end))}
        return [Spot(day, value) for day, value in sorted(latest.items())]
    if reading is Reading.WINDOW:
        return list(_windows(goal, period))
    figure = measure(goal.metric, scope=Scope((goal.community_id,)), period=period, **goal.params)
    return [Spot(row["day"], float(row["value"])) for row in figure.rows if row["value"] is not None]


def _windows(goal: Goal, period: Period) -> Iterator[Spot]:
    """Every seventh day back from the end, so that no weekday is compared with another."""
    for day in sevenths(period):
        found = _figure(goal, period_for(goal, day)).value
        if found is not None:
            yield Spot(day, float(found))


def sevenths(period: Period) -> list[date]:
    """Every seventh day that ends with the period's last, oldest first."""
    return [period.end - offset * _DAY for offset in range(0, period.days, 7)][::-1]
