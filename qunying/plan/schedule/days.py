"""Rules by which the day of planned work moves: the next working day, the next Monday, the end of the month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.kit.holidays import SATURDAY, is_off_in_china

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_DAY = timedelta(days=1)
_WEEK = 7
_MONTHS = 12
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

RULES: dict[str, _StrPromise] = {
    "workday": gettext_lazy("on a working day"),
    "monday": pgettext_lazy("day rule", "on a Monday"),
    "tuesday": pgettext_lazy("day rule", "on a Tuesday"),
    "wednesday": pgettext_lazy("day rule", "on a Wednesday"),
    "thursday": pgettext_lazy("day rule", "on a Thursday"),
    "friday": pgettext_lazy("day rule", "on a Friday"),
    "saturday": pgettext_lazy("day rule", "on a Saturday"),
    "sunday": pgettext_lazy("day rule", "on a Sunday"),
    "month-start": gettext_lazy("on the first of a month"),
    "month-end": gettext_lazy("on the last of a month"),
    "quarter-start": gettext_lazy("on the first day of a quarter"),
}
"""Name in a playbook → in words. A rule moves a day later, never earlier."""


def move(day: date, rule: str) -> date:
    """The first day from `day` on that keeps the rule; `day` itself where there is none (“”).

    Working days are those of the official Chinese calendar, Monday to Friday beyond the years it knows.
    """
    if rule in _WEEKDAYS:
        return day + timedelta(days=(_WEEKDAYS.index(rule) - day.weekday()) % _WEEK)
    while not _keeps(day, rule):
        day += _DAY
    return day


def _keeps(day: date, rule: str) -> bool:
    if rule == "workday":
        return _is_workday(day)
    if rule == "month-start":
        return day.day == 1
    if rule == "month-end":
        return (day + _DAY).day == 1
    if rule == "quarter-start":
        return day.day == 1 and day.month % (_MONTHS // 4) == 1
    return True


def _is_workday(day: date) -> bool:
    off = is_off_in_china(day)
    return day.weekday() < SATURDAY if off is None else not off
