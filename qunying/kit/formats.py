"""How numbers, money and days are written for people, in the language that is active.

Full-width spacing between Chinese and digits is the style sheet's business: none is typed here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from babel.numbers import format_currency, format_decimal, get_currency_precision
from django.utils.translation import get_language

if TYPE_CHECKING:
    from datetime import date, datetime

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT_FROM = 10_000
_STEPS = {
    "zh": ((100_000_000, "亿"), (10_000, "万")),
    "en": ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")),
}
DASH = "–"
"""Stands where nothing can be said."""


def tongue() -> str:
    """`zh` or `en`, after the active language."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def _locale() -> str:
    return "zh_CN" if tongue() == "zh" else "en_US"


def whole(number: float | None) -> str:
    """12,345; a fraction keeps one decimal (12.5)."""
    if number is None:
        return DASH
    pattern = "#,##0" if float(number).is_integer() else "#,##0.0"
    return format_decimal(number, pattern, locale=_locale())


def short(number: float | None) -> str:
    """1.2万 or 12.3k from ten thousand on; below that the whole number."""
    if number is None or abs(number) < _SHORT_FROM:
        return whole(number)
    for size, word in _STEPS[tongue()]:
        if abs(number) >= size:
            return f"{format_decimal(number / size, '#,##0.0', locale=_locale())}{word}"
    return whole(number)


def percent(share: float | None, *, decimals: int = 1) -> str:
    """A share between 0 and 1 as 12.3%."""
    return DASH if share is None else f"{share * 100:,.{decimals}f}%"


def major(minor: float, currency: str) -> Decimal:
    """Minor units as the amount people say: 1234 CNY is 12.34."""
    return Decimal(str(minor)).scaleb(-get_currency_precision(currency))


def money(minor: float | None, currency: str) -> str:
    """Minor units as money with its currency: ¥12.34, US$12.34."""
    return DASH if minor is None else format_currency(major(minor, currency), currency, locale=_locale())


def short_money(minor: float | None, currency: str) -> str:
    """Money on a card: ¥1.2万 from ten thousand on, the exact sum below."""
    if minor is None or abs(major(minor, currency)) < _SHORT_FROM:
        return money(minor, currency)
    sign = format_currency(0, currency, "¤", locale=_locale(), currency_digits=False).strip("0. ")
    return f"{sign}{short(float(major(minor, currency)))}"


def day(value: date, *, weekday: bool = True) -> str:
    """2026年3月2日 周一, or Mon 2 Mar 2026."""
    if tongue() == "zh":
        name = f" 周{_WEEKDAYS_ZH[value.weekday()]}" if weekday else ""
        return f"{value.year}年{value.month}月{value.day}日{name}"
    name = f"{_WEEKDAYS_EN[value.weekday()]} " if weekday else ""
    return f"{name}{value.day} {_MONTHS_EN[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """A day and a time of 24 hours, in the zone the value carries."""
    return f"{day(value.date(), weekday=False)} {value:%H:%M}"


def weekday_name(number: int) -> str:
    """Monday is 0."""
    return f"周{_WEEKDAYS_ZH[number]}" if tongue() == "zh" else _WEEKDAYS_EN[number]


def sentences(parts: list[str]) -> str:
    """Sentences one after another: with a space in English, without one in Chinese."""
    return ("" if tongue() == "zh" else " ").join(parts)
