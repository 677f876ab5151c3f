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
        (123_456_789, "1.2亿", "123.5M"),
        (-12_345, "-1.2万", "-12.3k"),
        (12.34, "12.3", "12.3"),
    ],
)
def test_big_numbers_are_short_on_cards(number: float | None, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert formats.short(number) == chinese
    assert formats.short(number) == english


@pytest.mark.parametrize(
    ("minor", "currency", "chinese", "english"),
    [
        (None, "CNY", "–", "–"),
        (123_450, "CNY", "¥1,234.50", "CN¥1,234.50"),
        (500, "JPY", "JP¥500", "¥500"),
        (250_031_563, "USD", "US$2,500,315.63", "$2,500,315.63"),
    ],
)
def test_money_keeps_its_currency(minor: int | None, currency: str, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert formats.money(minor, currency) == chinese
    assert formats.money(minor, currency) == english


def test_big_money_is_short_and_keeps_its_sign() -> None:
    with translation.override("zh-hans"):
        assert [formats.short_money(minor, "CNY") for minor in (999_999, 1_234_500)] == ["¥9,999.99", "¥1.2万"]
    assert formats.short_money(1_234_500, "USD") == "$12.3k"


def test_shares_have_one_decimal() -> None:
    assert [formats.percent(0.12345), formats.percent(0.5, decimals=0), formats.percent(None)] == ["12.3%", "50%", "–"]


def test_days_and_moments() -> None:
    when = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert (formats.day(date(2026, 3, 2)), formats.moment(when)) == ("2026年3月2日 周一", "2026年3月2日 14:05")
        assert formats.weekday_name(6) == "周日"
        assert formats.sentences(["一。", "二。"]) == "一。二。"
    assert (formats.day(date(2026, 3, 2)), formats.moment(when)) == ("Mon 2 Mar 2026", "2 Mar 2026 14:05")
    assert formats.weekday_name(6) == "Sun"
    assert formats.sentences(["One.", "Two."]) == "One. Two."
