"""Days, ISO weeks and months as intervals, in Ibis and in Python."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from qunying.ground.figures.params import Param
from qunying.kit.periods import Period, month_of, week_of

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, DateValue, IntegerValue

GRAIN = Param("grain", "week", ("day", "week", "month"))
LONGEST = {"day": 0, "week": 6, "month": 30}
"""How many days an interval can begin before, or end after, a day within it."""
_UNITS = {"day": "D", "week": "W", "month": "M"}


def beginning(day: DateValue, grain: str) -> DateValue:
    """First day of the interval that holds the day; weeks begin on Monday."""
    return day if grain == "day" else day.cast("timestamp").truncate(_UNITS[grain]).cast("date")


def adjacent(first: DateValue, second: DateValue, grain: str) -> BooleanValue:
    """Whether the second interval follows the first at once."""
    if grain == "month":
        return second.delta(first, unit="month") == 1
    return second.delta(first, unit="day") == LONGEST[grain] + 1


def steps_between(first: DateValue, second: DateValue, grain: str) -> IntegerValue:
    """How many intervals lie between two beginnings."""
    if grain == "week":
        return (second.delta(first, unit="day") / 7).round().cast("int64")
    return second.delta(first, unit=grain).cast("int64")


def interval_of(day: date, grain: str) -> Period:
    """The interval that holds the day."""
    return {"day": lambda: Period(day, day), "week": lambda: week_of(day), "month": lambda: month_of(day)}[grain]()


def intervals(first: date, last: date, grain: str) -> list[Period]:
    """The intervals from the one that holds `first` to the one that holds `last`."""
    found = [interval_of(first, grain)]
    while found[-1].end < last:
        found.append(interval_of(found[-1].end + timedelta(days=1), grain))
    return found
