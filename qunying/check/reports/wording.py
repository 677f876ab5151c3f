"""How a report words figures and changes, in the language that is active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.figures.results import SMALL
from qunying.kit import formats

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.check.reports.notable import Change
    from qunying.check.reports.shapes import Line
    from qunying.ground.figures.results import Figure
    from qunying.kit.periods import Period

LABELS: dict[str, _StrPromise] = {
    "members_present": gettext_lazy("Members at the end of the week"),
    "joins": gettext_lazy("New members"),
    "leaves": gettext_lazy("Members who left"),
    "churn_rate": gettext_lazy("Share that left"),
    "active_members.seen": gettext_lazy("Members seen"),
    "active_members.interactive": gettext_lazy("Members who interacted"),
    "active_members.speaking": gettext_lazy("Members who spoke"),
    "active_rate.seen": gettext_lazy("Share seen"),
    "active_rate.interactive": gettext_lazy("Share that interacted"),
    "active_rate.speaking": gettext_lazy("Share that spoke"),
    "messages": gettext_lazy("Messages"),
    "interactions": gettext_lazy("Interactions"),
    "daily_speakers": gettext_lazy("Speakers a day"),
    "orders": gettext_lazy("Orders"),
    "buyers": gettext_lazy("Buyers"),
    "revenue": gettext_lazy("Takings"),
    "order_value": gettext_lazy("Money an order"),
}
"""What a manager calls each line of the report."""


def written(value: float | None, unit: str, currency: str) -> str:
    """A value in the manner of its unit: 12,345, 27.2%, ¥1,234.50."""
    if unit == "share":
        return formats.percent(value)
    if unit == "money":
        return formats.money(round(value) if value is not None else None, currency)
    return formats.whole(round(value, 1) if value is not None else None)


def fraction(figure: Figure) -> str:
    """The parts of a rate, 85 / 312; empty for what is none."""
    if figure.numerator is None or not figure.denominator:
        return ""
    return f"{formats.whole(figure.numerator)} / {formats.whole(round(figure.denominator, 1))}"


def against_last(line: Line, currency: str) -> str:
    """The change from last week in words; the plain difference where a percentage of so few would mislead."""
    if line.value is None or line.previous is None:
        return _("nothing to compare with the week before")
    amount, direction = _moved(line, line.previous, currency)
    if direction == 0:
        return _("the same as the week before")
    if direction > 0:
        return _("up %(amount)s on the week before") % {"amount": amount}
    return _("down %(amount)s on the week before") % {"amount": amount}


def against_average(line: Line, currency: str) -> str:
    """The change from the mean of the weeks before in words; empty where there is none."""
    if line.value is None or line.average is None:
        return ""
    amount, direction = _moved(line, line.average, currency)
    names = {"amount": amount, "weeks": len(line.past)}
    if direction == 0:
        return _("the same as the average of the %(weeks)s weeks before") % names
    if direction > 0:
        return _("up %(amount)s on the average of the %(weeks)s weeks before") % names
    return _("down %(amount)s on the average of the %(weeks)s weeks before") % names


def change(line: Line, base: float | None, currency: str) -> str:
    """The change from `base` for a column of a table: +12.0%, −6, +1.2 points; a dash where none can be told."""
    if line.value is None or base is None:
        return formats.DASH
    amount, direction = _moved(line, base, currency)
    return f"{'+' if direction > 0 else '−'}{amount}" if direction else "0"


def _moved(line: Line, base: float, currency: str) -> tuple[str, int]:
    """How far from `base`, without sign, and in which direction."""
    moved = (line.value or 0) - base
    if line.metric.unit == "share":
        points = round(moved * 100, 1)
        return _("%(points)s points") % {"points": f"{abs(points):.1f}"}, _sign(points)
    if abs(base) >= SMALL and line.metric.name != "members_present":
        share = round(moved / base * 100, 1)
        return f"{abs(share):,.1f}%", _sign(share)
    exact = round(moved, 1)
    return written(abs(exact), line.metric.unit, currency), _sign(exact)


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def notable(found: Change, currency: str) -> str:
    """One sentence for a change worth one."""
    unit = found.line.metric.unit
    names = {
        "name": LABELS[found.name],
        "value": written(found.line.value, unit, currency),
        "weeks": found.weeks + 1,
        "before": found.weeks,
        "average": written(found.average, unit, currency),
        "share": f"{abs(found.share) * 100:,.1f}%",
    }
    if unit == "share":
        return _notable_share(found, names)
    if found.up:
        return _(
            "%(name)s: %(value)s, the highest of the last %(weeks)s weeks and %(share)s above the average of the "
            "%(before)s weeks before (%(average)s)."
        ) % names
    return _(
        "%(name)s: %(value)s, the lowest of the last %(weeks)s weeks and %(share)s below the average of the "
        "%(before)s weeks before (%(average)s)."
    ) % names


def _notable_share(found: Change, names: dict[str, object]) -> str:
    names["parts"] = fraction(found.line.figure)
    if found.up:
        return _(
            "%(name)s: %(value)s (%(parts)s), the highest of the last %(weeks)s weeks; the average of the "
            "%(before)s weeks before was %(average)s."
        ) % names
    return _(
        "%(name)s: %(value)s (%(parts)s), the lowest of the last %(weeks)s weeks; the average of the "
        "%(before)s weeks before was %(average)s."
    ) % names


def days(period: Period) -> str:
    """From which day to which: 2026年3月2日 周一 至 2026年3月8日 周日."""
    return _("%(from)s to %(to)s") % {"from": formats.day(period.start), "to": formats.day(period.end)}
