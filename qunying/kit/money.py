"""Amounts as files write them, exactly."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import get_currency_precision

_SIGNS = re.compile(r"[\s¥￥$€£元]|CNY|RMB|USD|EUR|HKD")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_LARGEST = 2**62


@lru_cache(maxsize=64)
def _places(currency: str) -> int:
    return get_currency_precision(currency)


def to_minor(text: str, currency: str) -> int:
    """The amount in minor units of the currency: “12.34” CNY is 1234, “(5.00)” is -500. Raises ValueError.

    Never rounds: more decimals than the currency has are an error, unless they are zeros.
    """
    try:
        scaled = Decimal(text).scaleb(_places(currency))
    except InvalidOperation:
        scaled = _plain(text).scaleb(_places(currency))
    whole = int(scaled) if scaled.is_finite() and abs(scaled) < _LARGEST else None
    if whole is None or whole != scaled:
        raise ValueError(text)
    return whole


def least_minor(amount: Decimal, currency: str) -> int:
    """The fewest minor units of the currency that are worth at least this: 99.90 is 9990 in CNY and 100 in JPY."""
    return int(amount.scaleb(_places(currency)).to_integral_value(ROUND_CEILING))


def _plain(text: str) -> Decimal:
    bare = _SIGNS.sub("", text)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()") if negative else bare
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise ValueError(text) from None
    return -value if negative else value
