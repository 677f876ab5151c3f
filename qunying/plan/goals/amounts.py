"""Numbers of goals as people write and read them: 60%, +20%, 1.5x, 300000, ¥30万."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.kit import formats
from qunying.kit.errors import QunyingError
from qunying.plan.goals.models import Goal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_CHANGE = re.compile(r"([+\-−])\s*(\d+(?:\.\d+)?)\s*[%％]")
_TIMES = re.compile(r"(\d+(?:\.\d+)?)\s*[x×倍]", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)*)\s*(%|％|万)?")
_HUNDRED = Decimal(100)
_MOST = Decimal(10) ** 13
_TEN_THOUSAND = Decimal(10_000)

UNITS: dict[str, _StrPromise] = {
    Goal.Unit.PEOPLE: gettext_lazy("people"),
    Goal.Unit.FACTS: gettext_lazy("times"),
    Goal.Unit.ORDERS: gettext_lazy("orders"),
    Goal.Unit.SHARE: gettext_lazy("share, in %"),
    Goal.Unit.MONEY: gettext_lazy("money"),
    Goal.Unit.PER_DAY: gettext_lazy("people a day"),
    Goal.Unit.NUMBER: gettext_lazy("a number of its own, such as a score"),
}
"""What the numbers of a goal count, in words."""


@dataclass(frozen=True, slots=True)
class Target:
    """A number to be reached, or a multiple of the baseline; one of the two."""

    value: Decimal | None = None
    ratio: Decimal | None = None


def read_target(text: str | float | Decimal, *, unit: str, currency: str) -> Target:
    """500, 60%, 30万 (money in the currency's major unit), +20%, -10%, 1.5x; raises QunyingError with examples.

    A bare number of a share is between 0 and 1.
    """
    tidy = str(text).strip()
    if change := _CHANGE.fullmatch(tidy):
        sign = 1 if change[1] == "+" else -1
        return Target(ratio=_sound(1 + sign * Decimal(change[2]) / _HUNDRED, tidy))
    if times := _TIMES.fullmatch(tidy):
        return Target(ratio=_sound(Decimal(times[1]), tidy))
    return Target(value=read_amount(tidy, unit=unit, currency=currency))


def _sound(ratio: Decimal, text: str) -> Decimal:
    if not 0 < ratio < _TEN_THOUSAND:
        raise _unreadable(text)
    return ratio


def read_amount(text: str | float | Decimal, *, unit: str, currency: str) -> Decimal:
    """A number of this unit as it is stored: shares from 0 to 1, money in minor units."""
    found = _NUMBER.fullmatch(str(text).strip().removeprefix("¥").strip())
    number = _number(found[1]) if found else None
    if found is None or number is None:
        raise _unreadable(str(text))
    if found[2] == "万":
        number *= _TEN_THOUSAND
    if unit == Goal.Unit.SHARE:
        return _share(number / _HUNDRED if found[2] in {"%", "％"} else number, str(text))
    if found[2] in {"%", "％"} or number >= _MOST:
        raise _unreadable(str(text))
    return number.scaleb(get_currency_precision(currency)) if unit == Goal.Unit.MONEY else number


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _share(share: Decimal, text: str) -> Decimal:
    if share > 1:
        raise QunyingError(_("“%(text)s” is more than everyone. Write a share as 60%% or 0.6.") % {"text": text})
    return share


def _unreadable(text: str) -> QunyingError:
    return QunyingError(
        _(
            "“%(text)s” is not a target. Write a number (500, 60%%), a change (+20%%) "
            "or a multiple (1.5x) of the baseline."
        )
        % {"text": text}
    )


def shown(value: float | Decimal | None, *, unit: str, currency: str) -> str:
    """A number of this unit as people read it: 60.0%, ¥3,000.00, 512; a dash for none."""
    if value is None:
        return formats.DASH
    if unit == Goal.Unit.SHARE:
        return formats.percent(float(value))
    if unit == Goal.Unit.MONEY:
        return formats.money(float(value), currency)
    whole = unit in {Goal.Unit.PEOPLE, Goal.Unit.FACTS, Goal.Unit.ORDERS}
    return formats.whole(round(float(value), None if whole else 1))


def shown_target(goal: Goal) -> str:
    """The target in words: its number; +20% (¥36,000.00); only +20% while there is no baseline; ≤ 12.0% for at most."""
    number = shown(goal.target, unit=goal.unit, currency=goal.community.currency)
    if goal.target_ratio is None:
        return bounded(number, goal.direction) if goal.target is not None else number
    text = ratio_text(goal.target_ratio)
    return text if goal.target is None else _("%(ratio)s, which is %(number)s") % {"ratio": text, "number": number}


def bounded(words: str, direction: str) -> str:
    """A target in words with the sign of “at most” where less is better: ≤ 12.0%."""
    return f"≤ {words}" if direction == Goal.Direction.DOWN else words


def ratio_text(ratio: Decimal) -> str:
    """1.2 is +20%, 0.9 is -10%, 2 is 2x."""
    if ratio >= 2:  # noqa: PLR2004 - from here on people say how many times
        return f"{plain(ratio)}x"
    return f"{plain((ratio - 1) * _HUNDRED, sign=True)}%"


def plain(number: Decimal, *, sign: bool = False) -> str:
    """The number without zeros at its end: 20, 1.5."""
    tidy = number.normalize()
    text = f"{tidy:f}"
    return f"+{text}" if sign and tidy > 0 else text


def written(value: Decimal | None, *, unit: str, currency: str) -> str:
    """A stored number as `read_amount` reads it back: 60%, 3000, 512; empty for none."""
    if value is None:
        return ""
    if unit == Goal.Unit.SHARE:
        return f"{plain(value * _HUNDRED)}%"
    return plain(formats.major(float(value), currency) if unit == Goal.Unit.MONEY else value)


def written_target(goal: Goal) -> str:
    """The target as `read_target` reads it back: 60%, +20%, 2x."""
    if goal.target_ratio is not None:
        return ratio_text(goal.target_ratio)
    return written(goal.target_value, unit=goal.unit, currency=goal.community.currency)
