"""Festivals fall on their real days."""

from __future__ import annotations

from datetime import date

import pytest

from qunying.doors.demo.festivals import festivals_between, mothers_day


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, date(2024, 5, 12)), (2025, date(2025, 5, 11)), (2026, date(2026, 5, 10)), (2022, date(2022, 5, 8))],
)
def test_mothers_day_is_the_second_sunday_of_may(year: int, day: date) -> None:
    assert mothers_day(year) == day


def test_a_year_holds_each_festival_once_in_order() -> None:
    found = festivals_between(date(2026, 1, 1), date(2026, 12, 31))
    assert [(festival.name, festival.day.isoformat()) for festival in found] == [
        ("元旦", "2026-01-01"),
        ("情人节", "2026-02-14"),
        ("春节", "2026-02-17"),
        ("元宵节", "2026-03-03"),
        ("女神节", "2026-03-08"),
        ("母亲节", "2026-05-10"),
        ("520", "2026-05-20"),
        ("端午节", "2026-06-19"),
        ("七夕", "2026-08-19"),
        ("教师节", "2026-09-10"),
        ("中秋节", "2026-09-25"),
        ("国庆节", "2026-10-01"),
        ("重阳节", "2026-10-18"),
        ("平安夜", "2026-12-24"),
    ]


def test_both_ends_belong_to_the_stretch() -> None:
    assert [each.name for each in festivals_between(date(2026, 8, 19), date(2026, 9, 10))] == ["七夕", "教师节"]


def test_years_beyond_the_table_keep_the_fixed_days() -> None:
    assert [each.name for each in festivals_between(date(2050, 1, 1), date(2050, 3, 31))] == [
        "元旦",
        "情人节",
        "女神节",
    ]
