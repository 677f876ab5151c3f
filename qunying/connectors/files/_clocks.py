"""Clocks as chats write them: 24 hours, 12 hours with a word for the half, 12 hours without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

HALF = r"(?P<half>上午|下午|凌晨|清晨|早上|中午|傍晚|晚上|[AaPp]\.?[Mm]\.?)"
_LATE = HALF.replace("half", "late")
CLOCK = rf"(?:{HALF}\s*)?(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:[\s\u202f]*{_LATE})?"
"""A clock in a regular expression: groups half, hour, minute, second, late."""
_NIGHT_ENDS = 12
_HOUR = timedelta(hours=1)
_HALF_DAY = timedelta(hours=12)


def clock(found: re.Match[str]) -> time:
    """The time of day CLOCK found; raises ValueError where there is none such."""
    parts = found.groupdict()
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0)
    half = (parts["half"] or parts["late"] or "").lower().replace(".", "")
    return time(_hour(hour, half), minute, second)


def _hour(hour: int, half: str) -> int:
    """The hour of 24. Some clients write 下午 15:20: what is above 12 stands as it is."""
    if not half or hour > _NIGHT_ENDS:
        return hour
    if half in {"下午", "傍晚", "pm"}:
        return hour % 12 + 12
    if half == "晚上":
        return 0 if hour == _NIGHT_ENDS else hour + 12
    if half == "中午":
        return hour + 12 if hour < 10 else hour  # noqa: PLR2004 - 中午 1 点 is 13, 中午 11 点 is 11
    return hour % 12


def is_twelve_hour(moments: Iterable[datetime]) -> bool:
    """Whether a log writes 12 hours without saying which half: none is 0 or above 12, and within a day it goes back."""
    before, back = None, False
    for at in moments:
        if not 1 <= at.hour <= _NIGHT_ENDS:
            return False
        back = back or (before is not None and before.date() == at.date() and before - at > _HOUR)
        before = at
    return back


@dataclass(slots=True)
class Halves:
    """Puts such a log right: within a day, a clock that goes back by more than an hour has passed noon."""

    before: datetime | None = None
    afternoon: bool = False

    def put_right(self, at: datetime) -> datetime:
        """The local time of the next message."""
        at = at.replace(hour=at.hour % 12)
        if self.before is None or self.before.date() != at.date():
            self.afternoon = False
        elif self.before - (at + _HALF_DAY if self.afternoon else at) > _HOUR:
            self.afternoon = True
        self.before = at + _HALF_DAY if self.afternoon else at
        return self.before


@dataclass(slots=True)
class Days:
    """Fills in what a log leaves out: the year, or the whole day, which rolls over when the clock goes back."""

    day: date
    last: datetime | None = None

    def of(self, month: int, day: int) -> date:
        """This day of the year the log is in; raises ValueError."""
        found = date(self.day.year, month, day)
        if (self.day - found).days > 180:  # noqa: PLR2004 - half a year back is the next year
            found = date(self.day.year + 1, month, day)
        self.day = found
        return found

    def at(self, at: time) -> datetime:
        """This time of the current day, or of the next where the clock went back by more than an hour."""
        local = datetime.combine(self.day, at)
        if self.last is not None and self.last.date() == self.day and self.last - local > _HOUR:
            self.day += timedelta(days=1)
            local += timedelta(days=1)
        self.last = local
        return local
