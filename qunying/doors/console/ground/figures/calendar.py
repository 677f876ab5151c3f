"""Weekends and holidays behind a line of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.kit.holidays import SATURDAY, is_off_in_china

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

_CHINA = ("Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Urumqi", "PRC")


def is_free(day: date, zone: ZoneInfo) -> bool:
    """Whether people are off: the official Chinese calendar where the days are China's, else the weekend.

    Where that calendar is not published, a weekend is Saturday and Sunday.
    """
    off = is_off_in_china(day) if zone.key in _CHINA else None
    return day.weekday() >= SATURDAY if off is None else off


def free_stretches(days: Sequence[date], zone: ZoneInfo) -> list[tuple[int, int]]:
    """Positions (first, last) of each run of free days in a list of days in order."""
    runs: list[tuple[int, int]] = []
    for place, day in enumerate(days):
        if not is_free(day, zone):
            continue
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
