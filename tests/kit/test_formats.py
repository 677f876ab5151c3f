"""Numbers, money and days are written as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from qunying.kit import formats


@pytest.mark.parametrize(
    ("number", "chinese", "english"),
    [
        (None, "–", "–"),
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (12_345, "1.2万", "12.3k"),
        (1_234_567, "123.5万", "1.2M"),
        (230_000_000, "2.3亿", "230.0M"),
        (-20_000, "-2.0万", "-20.0k"),
    ],
)
def test_a_card_shows_a_short_number(number: int | None, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert formats.short(number) == chinese
    with translation.override("en"):
        assert formats.short(number) == english


@pytest.mark.parametrize(
    ("minor", "currency", "chinese", "english"),
    [(1234, "CNY", "¥12.34", "CN¥12.34"), (1234, "JPY", "JP¥1,234", "¥1,234"), (None, "CNY", "–", "–")],
)
def test_money_carries_its_currency(minor: int | None, currency: str, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert formats.money(minor, currency) == chinese
    with translation.override("en"):
        assert formats.money(minor, currency) == english


def test_a_day_is_written_with_its_weekday() -> None:
    with translation.override("zh-hans"):
        assert formats.day(date(2026, 3, 2)) == "2026年3月2日 周一"
    with translation.override("en"):
        assert formats.day(date(2026, 3, 2)) == "Mon 2 Mar 2026"
        assert formats.moment(datetime(2026, 3, 2, 4, 5, tzinfo=UTC)) == "2 Mar 2026 04:05"


def test_shares_and_their_differences_keep_one_decimal() -> None:
    assert (formats.percent(0.1234), formats.percent(None), formats.points(-0.012)) == ("12.3%", "–", "-1.2")
