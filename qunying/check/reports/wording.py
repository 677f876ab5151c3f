"""How a report words figures and changes, in the language that is active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qunying.check.reports.grains import many, word
from qunying.check.reports.spans import Grain
from qunying.kit import formats

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.check.reports.notable import Change
    from qunying.check.reports.shapes import Line
    from qunying.ground.figures.results import Figure
    from qunying.kit.periods import Period

LABELS: dict[str, _StrPromise] = {
    "members_seen": gettext_lazy("People seen so far"),
    "first_seen": gettext_lazy("Seen for the first time"),
    "joins": gettext_lazy("New members"),
    "leaves": gettext_lazy("Members who left"),
    "churn_rate": pgettext_lazy("report", "Share that left"),
    "active_members.seen": gettext_lazy("Members seen"),
    "active_members.interactive": gettext_lazy("Members who interacted"),
    "active_members.speaking": gettext_lazy("Members who spoke"),
    "active_rate.seen": gettext_lazy("Share seen"),
    "active_rate.interactive": gettext_lazy("Share that interacted"),
    "active_rate.speaking": gettext_lazy("Share that spoke"),
    "messages": gettext_lazy("Messages"),
    "interactions": gettext_lazy("Interactions"),
    "daily_speakers": pgettext_lazy("report", "Speakers a day"),
    "orders": pgettext_lazy("report", "Orders"),
    "buyers": pgettext_lazy("report", "Buyers"),
    "revenue": gettext_lazy("Takings"),
    "order_value": pgettext_lazy("report", "Money an order"),
}
"""What a manager calls each line of the report."""


_PEOPLE = pgettext_lazy("people", "%(number)s")
_CLASSIFIED: dict[str, _StrPromise] = {
    "joins": _PEOPLE,
    "leaves": _PEOPLE,
    "messages": pgettext_lazy("messages", "%(number)s"),
    "interactions": pgettext_lazy("interactions", "%(number)s"),
    "orders": pgettext_lazy("orders", "%(number)s"),
}
_UNITS: dict[str, _StrPromise] = {
    "messages": pgettext_lazy("axis", "Messages"),
    "interactions": pgettext_lazy("axis", "Interactions"),
    "orders": pgettext_lazy("axis", "Orders"),
}
_PERCENT_FROM = 100
"""A change of fewer than this many is told as a number: "down 1" says more than "down 1.8%"."""
_WITHOUT_ROSTER = {"members_present": "members_seen", "joins": "first_seen"}


_PRESENT: dict[Grain, _StrPromise] = {
    Grain.WEEK: gettext_lazy("Members at the end of the week"),
    Grain.MONTH: gettext_lazy("Members at the end of the month"),
    Grain.QUARTER: gettext_lazy("Members at the end of the quarter"),
}


def label(name: str, *, roster: bool = True, grain: Grain = Grain.WEEK) -> str:
    """What a line is called; where no coming or going was ever recorded, members are people seen so far."""
    if name == "members_present" and roster:
        return str(_PRESENT[grain])
    return str(LABELS[name if roster else _WITHOUT_ROSTER.get(name, name)])


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


def against_last(line: Line, currency: str, grain: Grain = Grain.WEEK) -> str:
    """The change from the period before in words; the plain difference where a percentage of so few would mislead."""
    names = {"before": word("before", grain)}
    if line.value is None or line.previous is None:
        return _("nothing to compare with %(before)s") % names
    amount, direction = _moved(line, line.previous, currency, unit=True)
    if direction == 0:
        return _("the same as %(before)s") % names
    names["amount"] = amount
    if line.metric.unit == "share":
        up, down = (
            pgettext("share", "up %(amount)s on %(before)s"),
            pgettext("share", "down %(amount)s on %(before)s"),
        )
    else:
        up, down = _("up %(amount)s on %(before)s"), _("down %(amount)s on %(before)s")
    return (up if direction > 0 else down) % names


def average_before(line: Line, currency: str, grain: Grain = Grain.WEEK) -> str:
    """The mean of the periods before and the change from it, in words; empty where there is none."""
    if line.value is None or line.average is None:
        return ""
    names = {
        "spans": many(len(line.past), grain),
        "average": written(line.average, line.metric.unit, currency),
        "change": change(line, line.average, currency),
    }
    return _("average of the %(spans)s before: %(average)s (%(change)s)") % names


def a_year_ago(line: Line, currency: str) -> str:
    """The same period of the year before and the change from it, in words; empty where the facts do not reach it."""
    if line.value is None or line.year is None or line.year.value is None:
        return ""
    names = {
        "value": written(line.year.value, line.metric.unit, currency),
        "change": change(line, line.year.value, currency),
    }
    return _("a year before: %(value)s (%(change)s)") % names


def change(line: Line, base: float | None, currency: str) -> str:
    """The change from `base` for a column of a table: +12.0%, −6, +1.2 points; a dash where none can be told."""
    if line.value is None or base is None:
        return formats.DASH
    amount, direction = _moved(line, base, currency)
    return f"{'+' if direction > 0 else '−'}{amount}" if direction else "0"


def counted(value: float | None, line: Line) -> str:
    """A count with its classifier where the language has one: 867条, 54人."""
    words = _CLASSIFIED.get(line.metric.name) or (_PEOPLE if line.metric.unit in {"people", "per_day"} else None)
    number = formats.whole(round(value, 1) if value is not None else None)
    return words % {"number": number} if words and value is not None else number


def unit_name(line: Line) -> str:
    """What stands at the axis of a picture of this line."""
    return str(_UNITS.get(line.metric.name, LABELS.get(line.metric.name, "")))


def _moved(line: Line, base: float, currency: str, *, unit: bool = False) -> tuple[str, int]:
    """How far from `base`, without sign, and in which direction; a number with its classifier if `unit`."""
    moved = (line.value or 0) - base
    if line.metric.unit == "share":
        points = round(moved * 100, 1)
        return pgettext("report", "%(points)s points") % {"points": f"{abs(points):.1f}"}, _sign(points)
    if abs(base) >= _PERCENT_FROM and line.metric.name != "members_present":
        share = round(moved / base * 100, 1)
        return f"{abs(share):,.1f}%", _sign(share)
    exact = round(moved, 1)
    if unit and line.metric.unit != "money":
        return counted(abs(exact), line), _sign(exact)
    return written(abs(exact), line.metric.unit, currency), _sign(exact)


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def notable(found: Change, currency: str, *, roster: bool, grain: Grain = Grain.WEEK) -> str:
    """One sentence for a change worth one."""
    unit = found.line.metric.unit
    plain = unit in {"share", "money"}
    value = found.line.value
    names: dict[str, object] = {
        "name": label(found.name, roster=roster, grain=grain),
        "value": written(value, unit, currency) if plain else counted(value, found.line),
        "last": many(found.spans + 1, grain),
        "before": many(found.spans, grain),
        "average": written(found.average, unit, currency),
        "share": f"{abs(found.share) * 100:,.1f}%",
    }
    if unit == "share":
        return _notable_share(found, names)
    if found.up:
        return (
            _(
                "%(name)s: %(value)s, the highest of the last %(last)s and %(share)s above the average of the "
                "%(before)s before (%(average)s)."
            )
            % names
        )
    return (
        _(
            "%(name)s: %(value)s, the lowest of the last %(last)s and %(share)s below the average of the "
            "%(before)s before (%(average)s)."
        )
        % names
    )


def _notable_share(found: Change, names: dict[str, object]) -> str:
    names["parts"] = fraction(found.line.figure)
    if found.up:
        return (
            _(
                "%(name)s: %(value)s (%(parts)s), the highest of the last %(last)s; the average of the "
                "%(before)s before was %(average)s."
            )
            % names
        )
    return (
        _(
            "%(name)s: %(value)s (%(parts)s), the lowest of the last %(last)s; the average of the "
            "%(before)s before was %(average)s."
        )
        % names
    )


def days(period: Period) -> str:
    """From which day to which: 2026年3月2日 周一 至 2026年3月8日 周日."""
    return pgettext("report", "%(from)s to %(to)s") % {"from": formats.day(period.start), "to": formats.day(period.end)}
