"""How each metric is named and written on these pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.figures.catalogue import metric_named
from qunying.kit import formats

if TYPE_CHECKING:
    from qunying.ground.figures.results import Figure


@dataclass(frozen=True, slots=True)
class Shown:
    """The manner of one metric: its name, what it counts (`form`), and which way is better.

    `form` is count, rate, money, or mean (one decimal). `better` is up, down or ''. `total` tells that
    the values of days add up to that of the period; others are averaged.
    """

    label: str
    form: str
    better: str
    total: bool
    unit: str


_FORMS = {"share": "rate", "money": "money", "per_day": "mean"}
_BETTER = {"leaves": "down", "churn_rate": "down", "order_value": "", "lifecycle": ""}
_UNITS = {
    "people": gettext_lazy("people"),
    "per_day": gettext_lazy("people"),
    "facts": gettext_lazy("times"),
    "orders": gettext_lazy("orders"),
    "messages": gettext_lazy("messages"),
    "joins": gettext_lazy("people"),
    "leaves": gettext_lazy("people"),
}
_NO_SUM = {"order_value"}

GRADES = {
    "seen": gettext_lazy("Seen"),
    "interactive": gettext_lazy("Interacting"),
    "speaking": gettext_lazy("Speaking"),
}


def shown(metric: str) -> Shown:
    """The manner of a metric, from what the catalogue says of it."""
    entry = metric_named(metric)
    return Shown(
        label=str(entry.title),
        form=_FORMS.get(entry.unit, "count"),
        better=_BETTER.get(metric, "up"),
        total=entry.unit in {"facts", "orders", "money"} and metric not in _NO_SUM,
        unit=str(_UNITS[metric] if metric in _UNITS else _UNITS.get(entry.unit) or ""),
    )


def write(value: float | None, form: str, *, currency: str | None = None, exact: bool = False) -> str:
    """A value as people read it: short on cards, exact on hover and in tables."""
    if form == "rate":
        return formats.percent(value)
    if form == "money" and currency:
        return formats.money(value, currency) if exact else formats.short_money(value, currency)
    if form == "mean" and value is not None:
        value = round(value, 1)
    return formats.whole(value) if exact else formats.short(value)


def change_of(figure: Figure, before: Figure) -> tuple[str, str, str]:
    """(words, direction, tone) of the change from another figure: per cent of a count, points of a rate."""
    manner = shown(figure.metric)
    if figure.value is None or before.value is None:
        return _("nothing to compare with"), "", "plain"
    if manner.form == "rate":
        moved = round((figure.value - before.value) * 100, 1)
        words = _("%(points)s points") % {"points": signed(moved, ".1f")}
    elif before.value == 0:
        return (_("was 0 before"), "up" if figure.value else "flat", "plain")
    else:
        moved = round((figure.value - before.value) / before.value * 100, 1)
        words = signed(moved, ",.1f") + "%"
    if moved == 0:
        return _("no change"), "flat", "plain"
    direction = "up" if moved > 0 else "down"
    tone = "plain" if not manner.better else ("good" if manner.better == direction else "bad")
    return words, direction, tone


def signed(number: float, form: str = ",") -> str:
    """The number with its sign, a true minus."""
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{abs(number):{form}}"
