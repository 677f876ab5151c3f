"""Where a goal sets out from: the figure over the last comparable days before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from qunying.kit.periods import Period, last_days
from qunying.plan.goals.measuring import gap_under, last_entered, local_days, measured_over
from qunying.plan.goals.models import Goal
from qunying.plan.goals.readings import Reading, reading_of, ripe_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from qunying.ground.groups.models import Community

_DAY = timedelta(days=1)
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The figure before the goal, or the reason why there is none."""

    value: Decimal | None
    reason: Goal.NoBaseline | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    period: Period | None = None
    at: datetime | None = None


def yesterday_in(community: Community) -> date:
    """The last local day that is over."""
    return timezone.localdate(timezone=ZoneInfo(community.timezone)) - _DAY


def baseline_period(goal: Goal, until: date) -> Period:
    """The comparable days that end with `until`: as many as the goal runs for a total, its window otherwise."""
    reading = reading_of(goal.metric)
    if reading is Reading.TOTAL:
        return last_days(goal.span.days, until=until)
    return last_days(goal.window, until=ripe_day(goal.metric, goal.params, until))


def find_baseline(goal: Goal) -> Baseline:
    """The figure of the last closed comparable days before the goal's start, counted now.

    Of a goal measured by hand it is the value entered last for a day up to its first.
    """
    if goal.by_hand:
        return _entered(goal)
    known = local_days(goal.community)
    period = baseline_period(goal, min(goal.start - _DAY, yesterday_in(goal.community)))
    if known is None or known.start > period.start:
        return Baseline(None, Goal.NoBaseline.SHORT, period=period)
    if reading_of(goal.metric) is Reading.TOTAL and known.end < period.start:
        # The record had ended by then: a total of nothing would be a beginning that never was.
        return Baseline(None, Goal.NoBaseline.EMPTY, period=period)
    found = measured_over(goal, period)
    if found.value is None or gap_under(goal, found) is not None:
        return Baseline(None, Goal.NoBaseline.EMPTY, period=period)
    return Baseline(
        decimal(found.value),
        numerator=None if found.numerator is None else decimal(found.numerator),
        denominator=None if found.denominator is None else decimal(found.denominator),
        period=period,
        at=timezone.now(),
    )


def _entered(goal: Goal) -> Baseline:
    first = last_entered(goal, goal.start) if goal.pk else None
    if first is None:
        return Baseline(None, Goal.NoBaseline.HAND)
    return Baseline(first.value, period=Period(first.day, first.day), at=timezone.now())


def decimal(number: float) -> Decimal:
    """The number as it is stored, to six places."""
    return Decimal(str(number)).quantize(_PLACES)


def set_baseline(goal: Goal, found: Baseline) -> None:
    """Write it into the goal's fields; saving is the verb's."""
    goal.baseline, goal.no_baseline = found.value, found.reason or ""
    goal.baseline_numerator, goal.baseline_denominator = found.numerator, found.denominator
    goal.baseline_from = found.period.start if found.period else None
    goal.baseline_to = found.period.end if found.period else None
    goal.baseline_at = found.at
