"""Figures as platforms write them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from qunying.kit.numerals import from_serial, to_count, to_id, to_seconds, to_share

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("0", 0), ("007", 7), ("", None), ("-1", None), ("1.0", None), (" 1", None), ("²", None), ("٣", None),
     ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None)],
)  # fmt: skip
def test_the_number_of_a_row(text: str, number: int | None) -> None:
    assert to_id(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("1234", 1234), ("1,234", 1234), ("1.2万", 12_000), ("3w", 30_000), ("10万+", 100_000),
        ("1.5k", 1500), ("2亿", 200_000_000), ("12.0", 12), ("-", None), ("", None), ("--", None), ("-3", -3),
        ("1.23456万", None),
    ],
)  # fmt: skip
def test_whole_numbers(text: str, number: int | None) -> None:
    if text == "1.23456万":
        with pytest.raises(ValueError, match=r"1\.23456"):
            to_count(text)
    else:
        assert to_count(text) == number


@pytest.mark.parametrize(
    ("text", "share"), [("12.5%", 0.125), ("0.125", 0.125), ("35", 0.35), ("-", None), ("1", 1), ("100%", 1)]
)
def test_shares(text: str, share: float | None) -> None:
    assert to_share(text) == share


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1分20秒", 80), ("00:01:20", 80), ("1:20", 80), ("20.5", 20.5), ("20秒", 20), ("1小时2分", 3720), ("-", None)],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert to_seconds(text) == seconds


@pytest.mark.parametrize("text", ["x", "1.5", "一", "1,2,3", "9" * 30, "１２x"])
def test_what_is_no_count_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        to_count(text)


@pytest.mark.parametrize("text", ["x", "分", ":", "1:2:3:4"])
def test_what_is_no_duration_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        to_seconds(text)


def test_the_day_numbers_of_spreadsheets() -> None:
    assert from_serial("45413.5", ZONE) == datetime(2024, 5, 1, 12, tzinfo=ZONE)
    with pytest.raises(ValueError, match="20240501"):
        from_serial("20240501", ZONE)
