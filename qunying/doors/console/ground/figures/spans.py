"""Long periods drawn in weeks or months, so that a line stays readable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit import formats
from qunying.kit.periods import Period, month_of, week_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DAYS_UP_TO = 100
_WEEKS_UP_TO = 750


@dataclass(frozen=True, slots=True)
class Span:
    """One point of a line: the days it stands for; `whole` unless the period cuts it."""

    period: Period
    whole: bool = True


def grain_of(period: Period) -> str:
    """day, week or month: what one point stands for."""
    if period.days <= _DAYS_UP_TO:
        return "day"
    return "week" if period.days <= _WEEKS_UP_TO else "month"


def spans_of(period: Period) -> list[Span]:
    """The period cut into its points, in order."""
    around: dict[str, Callable[[date], Period]] = {
        "day": lambda day: Period(day, day),
        "week": week_of,
        "month": month_of,
    }
    cut = around[grain_of(period)]
    spans = []
    day = period.start
    while day <= period.end:
        full = cut(day)
        part = Period(max(full.start, period.start), min(full.end, period.end))
        spans.append(Span(part, whole=part == full))
        day = full.end + timedelta(days=1)
    return spans


def gather(values: Mapping[date, float | None], spans: list[Span], *, total: bool) -> list[float | None]:
    """One value a span: the sum of its days, or their mean; None where no day has a value."""
    out: list[float | None] = []
    for span in spans:
        days = (span.period.start + timedelta(days=number) for number in range(span.period.days))
        known = [value for day in days if (value := values.get(day)) is not None]
        if not known:
            out.append(None)
        else:
            out.append(sum(known) if total else sum(known) / len(known))
    return out


def short_label(span: Span, grain: str) -> str:
    """What stands under the axis."""
    day = span.period.start
    if grain == "month":
        return f"{day.year}-{day.month:02d}"
    return f"{day.month}/{day.day}" if formats.tongue() == "zh" else formats.day(day, weekday=False).rsplit(" ", 1)[0]


def long_label(span: Span, grain: str) -> str:
    """What a tooltip and a table say."""
    if grain == "day":
        return formats.day(span.period.start)
    words = _("%(from)s to %(to)s") % {
        "from": formats.day(span.period.start, weekday=False),
        "to": formats.day(span.period.end, weekday=False),
    }
    return words if span.whole else _("%(days)s (not whole)") % {"days": words}
