from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils.translation import override

from qunying.kit.durations import RHYTHM_PATTERN, Duration, duration_between, parse_duration, parse_rhythm, parse_span
from qunying.kit.errors import QunyingError


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("30d", "30d"),
        ("30 天", "30d"),
        (" 2 周 ", "2w"),
        ("2 weeks", "2w"),
        ("12个月", "12m"),
        ("3 Years", "3y"),
        ("1年", "1y"),
        (45, "45d"),
    ],
)
def test_a_length_is_read_in_either_language(text: str | int, short: str) -> None:
    assert parse_duration(text).text == short


@pytest.mark.parametrize("text", ["", "soon", "30 fortnights", "-3d", "3d ago", "99999d"])
def test_what_is_no_length_is_refused_with_examples(text: str) -> None:
    with override("en"), pytest.raises(QunyingError, match=r"is not a length of time\. Write it as 30 天"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("length", "day", "after"),
    [
        ("30d", date(2026, 3, 2), date(2026, 4, 1)),
        ("2w", date(2026, 3, 2), date(2026, 3, 16)),
        ("1m", date(2026, 1, 31), date(2026, 2, 28)),
        ("12m", date(2026, 3, 2), date(2027, 3, 2)),
        ("1y", date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_months_keep_the_day_of_the_month(length: str, day: date, after: date) -> None:
    assert parse_duration(length).after(day) == after


@pytest.mark.parametrize(
    ("text", "short"),
    [("week", "1w"), ("周", "1w"), ("2 周", "2w"), ("Month", "1m"), ("季度", "3m"), ("quarter", "3m"), (10, "10d")],
)
def test_a_rhythm_is_a_length_or_one_unit_by_its_name(text: str | int, short: str) -> None:
    assert parse_rhythm(text).text == short


@pytest.mark.parametrize("text", ["", "often", "0 周", "2 quarters", "week 2"])
def test_what_is_no_rhythm_is_refused_with_examples(text: str) -> None:
    with override("en"), pytest.raises(QunyingError, match=r"how often\. Write week|is not a length of time"):
        parse_rhythm(text)


@pytest.mark.parametrize(("text", "fits"), [("week", True), ("2周", True), ("季度", True), ("often", False)])
def test_the_schema_knows_a_rhythm_where_it_is_read(text: str, fits: bool) -> None:
    assert bool(re.match(RHYTHM_PATTERN, text)) is fits


def test_a_range_has_a_shortest_and_a_longest() -> None:
    assert parse_span("2-4 周") == (Duration(2, "w"), Duration(4, "w"))
    assert parse_span("10 天至 2 个月") == (Duration(10, "d"), Duration(2, "m"))
    assert parse_span("3m") == (Duration(3, "m"), Duration(3, "m"))
    with override("en"), pytest.raises(QunyingError, match="from longer to shorter"):
        parse_span("4-2 weeks")


def test_a_length_is_found_again_between_two_days() -> None:
    start = date(2026, 3, 2)
    assert [
        duration_between(start, Duration(count, unit).after(start)).text for count, unit in ((30, "d"), (12, "m"))
    ] == [
        "30d",
        "12m",
    ]


def test_a_length_is_said_in_the_readers_language() -> None:
    with override("en"):
        assert [parse_duration(text).words for text in ("1d", "2w", "1m", "3y")] == [
            "1 day",
            "2 weeks",
            "1 month",
            "3 years",
        ]
    with override("zh-hans"):
        assert parse_duration("12m").words == "12个月"
