"""How each metric is named and written on these pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.kit import formats

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.ground.figures.results import Figure

SMALL = 30
"""A rate over fewer than this many people is shown in grey, and the page says why."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The manner of one metric: its name, what it counts (`form`), and which way is better.

    `form` is count, rate, money, or mean (one decimal). `better` is up, down or ''. `total` tells that
    the values of days add up to that of the period; others are averaged.
    """

    label: _StrPromise
    form: str = "count"
    better: str = "up"
    total: bool = False
    unit: _StrPromise | str = ""


_PEOPLE = gettext_lazy("people")
METRICS: dict[str, Shown] = {
    "members_present": Shown(gettext_lazy("Members present"), unit=_PEOPLE),
    "joins": Shown(gettext_lazy("Joined"), total=True, unit=_PEOPLE),
    "leaves": Shown(gettext_lazy("Left"), better="down", total=True, unit=_PEOPLE),
    "churn_rate": Shown(gettext_lazy("Share that left"), "rate", "down"),
    "active_members": Shown(gettext_lazy("Active members"), unit=_PEOPLE),
    "active_rate": Shown(gettext_lazy("Active rate"), "rate"),
    "messages": Shown(gettext_lazy("Messages"), total=True, unit=gettext_lazy("messages")),
    "interactions": Shown(gettext_lazy("Interactions"), total=True, unit=gettext_lazy("times")),
    "daily_speakers": Shown(gettext_lazy("Speakers a day"), "mean", unit=_PEOPLE),
    "dau": Shown(gettext_lazy("Active in a day"), "mean", unit=_PEOPLE),
    "wau": Shown(gettext_lazy("Active in 7 days"), "mean", unit=_PEOPLE),
    "mau": Shown(gettext_lazy("Active in 30 days"), "mean", unit=_PEOPLE),
    "stickiness": Shown(gettext_lazy("Stickiness"), "rate"),
    "retention": Shown(gettext_lazy("Retention"), "rate"),
    "cohorts": Shown(gettext_lazy("Cohort"), "rate"),
    "lifecycle": Shown(gettext_lazy("Life cycle"), unit=_PEOPLE),
    "funnel": Shown(gettext_lazy("Funnel"), "rate"),
    "activity_hours": Shown(gettext_lazy("Activity by hour"), total=True, unit=gettext_lazy("times")),
    "revenue": Shown(gettext_lazy("Revenue"), "money", total=True),
    "orders": Shown(gettext_lazy("Orders"), total=True, unit=gettext_lazy("orders")),
    "buyers": Shown(gettext_lazy("Buyers"), unit=_PEOPLE),
    "order_value": Shown(gettext_lazy("Money an order"), "money", ""),
    "repurchase_rate": Shown(gettext_lazy("Bought again within 30 days"), "rate"),
}

GRADES = {
    "seen": gettext_lazy("Seen"),
    "interactive": gettext_lazy("Interacting"),
    "speaking": gettext_lazy("Speaking"),
}


def shown(metric: str) -> Shown:
    """The manner of a metric; one this page does not know is shown as a count under its own name."""
    return METRICS.get(metric) or Shown(metric, better="")  # type: ignore[arg-type]


def write(value: float | None, form: str, *, currency: str | None = None, exact: bool = False) -> str:
    """A value as people read it: short on cards, exact on hover and in tables."""
    if form == "rate":
        return formats.percent(value)
    if form == "money" and currency:
        return formats.money(value, currency) if exact else formats.short_money(value, currency)
    if form == "mean" and value is not None:
        value = round(value, 1)
    return formats.whole(value) if exact else formats.short(value)


def is_small(figure: Figure) -> bool:
    """Whether a rate rests on so few people that it says little."""
    return figure.denominator is not None and 0 < figure.denominator < SMALL and shown(figure.metric).form == "rate"


def change_of(figure: Figure, before: Figure) -> tuple[str, str, str]:
    """(words, direction, tone) of the change from another figure: per cent of a count, points of a rate."""
    manner = shown(figure.metric)
    if figure.value is None or before.value is None:
        return _("nothing to compare with"), "", "plain"
    if manner.form == "rate":
        moved = round((figure.value - before.value) * 100, 1)
        words = _("%(points)s points") % {"points": f"{abs(moved):.1f}"}
    elif before.value == 0:
        return (_("was 0 before"), "up" if figure.value else "flat", "plain")
    else:
        moved = round((figure.value - before.value) / before.value * 100, 1)
        words = f"{abs(moved):,.1f}%"
    if moved == 0:
        return _("no change"), "flat", "plain"
    direction = "up" if moved > 0 else "down"
    tone = "plain" if not manner.better else ("good" if manner.better == direction else "bad")
    return words, direction, tone
