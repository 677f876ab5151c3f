from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from qunying.doors.console.ground.figures.calendar import free_stretches, is_free

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def test_national_day_is_free_in_china_alone() -> None:
    thursday = date(2026, 10, 1)
    assert (is_free(thursday, SHANGHAI), is_free(thursday, BERLIN)) == (True, False)


def test_a_sunday_worked_for_a_holiday_is_not_free() -> None:
    # 28 September 2025 was worked for the National Day holidays.
    assert not is_free(date(2025, 9, 28), SHANGHAI)


def test_beyond_the_official_calendar_weekends_are_free() -> None:
    assert [is_free(date(2099, 1, day), SHANGHAI) for day in (2, 3, 4, 5)] == [False, True, True, False]


def test_free_days_in_a_row_are_one_stretch() -> None:
    days = [date(2024, 3, 1) + timedelta(days=number) for number in range(11)]  # Friday 1 to Monday 11 March
    assert free_stretches(days, SHANGHAI) == [(1, 2), (8, 9)]
