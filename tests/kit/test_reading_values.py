"""Encodings, times, money and counts as files write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.counters import Counter64
from qunying.kit.encodings import detect_encoding, is_broken, shown
from qunying.kit.money import least_minor, to_minor
from qunying.kit.times import parse_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINESE = "花店的群里今天很热闹，大家都在说玫瑰。"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"plain", "utf-8"),
        (CHINESE.encode(), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("gb18030"), "gb18030"),
        (CHINESE.encode("utf-16"), "utf-16"),
        (CHINESE.encode() * 3 + b"\xff" + CHINESE.encode(), "utf-8"),
        (CHINESE.encode("gb18030") * 3 + b"\xff" + CHINESE.encode("gb18030"), "gb18030"),
        (b"", "utf-8"),
    ],
)
def test_the_encoding_shows_in_the_bytes(data: bytes, encoding: str) -> None:
    assert detect_encoding([data] if data else []) == encoding


def test_the_encoding_may_show_late_and_be_cut_between_blocks() -> None:
    late = CHINESE.encode("gb18030")
    assert detect_encoding([b"a" * 5000, b"b" * 5000, b"c" + late[:-1], late[-1:]]) == "gb18030"


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=12))
def test_chinese_in_gb18030_is_not_taken_for_utf_8(text: str) -> None:
    assert detect_encoding([text.encode()]) == "utf-8"
    assert detect_encoding([text.encode("gb18030")]) in {"gb18030", "utf-8"}


def test_broken_bytes_are_noticed_and_can_be_shown() -> None:
    text = b"rose \xff".decode("utf-8", "surrogateescape")
    assert (is_broken(text), is_broken("玫瑰"), shown(text)) == (True, False, "rose \\xff")


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01T10:30:00+08:00",
        "2024-05-01 10:30",
        "2024-05-01T02:30:00Z",
        "2024-5-1 10:30:00",
        "2024/5/1 10:30",
        "2024.05.01 10:30",
        "2024年5月1日 10:30",
        "2024年5月1日10点30分",
        "1714530600",
        "1714530600.0",
        "1714530600000",
    ],
)
def test_the_same_instant_in_many_hands(text: str) -> None:
    assert parse_time(text, SHANGHAI) == datetime(2024, 5, 1, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["20240501", "2024-05-01", "2024年5月1日", "2024/5/1"])
def test_a_day_begins_at_local_midnight(text: str) -> None:
    assert parse_time(text, SHANGHAI) == datetime(2024, 4, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2024-13-01", "31/12/2024", "12", "20241399", "9" * 400])
def test_what_is_no_time_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whoever asks says it in words
        parse_time(text, SHANGHAI)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.34", "CNY", 1234),
        ("12.3", "CNY", 1230),
        ("¥1,234.50", "CNY", 123450),
        ("12.340", "CNY", 1234),
        ("-3", "CNY", -300),
        ("(5.00)", "USD", -500),
        ("1500", "JPY", 1500),
        ("0.29", "CNY", 29),
        ("12.34元", "CNY", 1234),
    ],
)
def test_money_is_exact(text: str, currency: str, minor: int) -> None:
    assert to_minor(text, currency) == minor


@pytest.mark.parametrize("text", ["", "x", "1.005", "1,23", "nan", "inf", "1e40", "12.34.5"])
def test_what_is_no_amount_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whoever asks says it in words
        to_minor(text, "CNY")


@given(st.integers(-(10**12), 10**12))
def test_money_survives_writing_and_reading(minor: int) -> None:
    assert to_minor(str(Decimal(minor).scaleb(-2)), "CNY") == minor


@given(st.lists(st.integers(0, 30), max_size=200), st.integers(1, 9))
def test_counts_are_right_however_often_they_are_put_away(keys: list[int], most: int) -> None:
    counter, plain = Counter64(in_memory=most), dict.fromkeys(keys, 0)
    for key in keys:
        assert counter.seen("k", key) == plain[key]
        plain[key] += 1


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("99.90", "CNY", 9990), ("99.90", "JPY", 100), ("99.90", "KWD", 99900), ("0.001", "CNY", 1), ("500", "JPY", 500)],
)
def test_the_least_that_is_worth_an_amount_goes_by_the_currency(amount: str, currency: str, minor: int) -> None:
    assert least_minor(Decimal(amount), currency) == minor
