"""Which panels stand on which page, and who makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.doors.console.ground.figures import panels
from qunying.doors.console.ground.figures.days import DEFAULT
from qunying.doors.console.ground.figures.plans import shows_plans

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.doors.console.ground.figures.scope import Choice


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page: its title, and its panels in rows of one or two."""

    title: _StrPromise
    rows: tuple[tuple[str, ...], ...]
    preset: str = DEFAULT


PAGES = {
    "overview": PageLayout(
        gettext_lazy("Overview"),
        (
            ("overview-cards",),
            ("overview-goals",),
            ("overview-talk",),
            ("overview-stayed", "overview-hours"),
            ("overview-next",),
        ),
    ),
    "activity": PageLayout(
        gettext_lazy("Activity"),
        (
            ("activity-cards",),
            ("activity-grades",),
            ("activity-rolling",),
            ("activity-messages", "activity-interactions"),
            ("activity-speakers", "activity-hours"),
        ),
    ),
    "retention": PageLayout(
        gettext_lazy("Retention"), (("retention-cards",), ("retention-curve",), ("retention-cohorts",)), "90d"
    ),
    "funnel": PageLayout(gettext_lazy("Funnel"), (("funnel-steps",),)),
    "lifecycle": PageLayout(
        gettext_lazy("Life cycle"), (("lifecycle-cards",), ("lifecycle-stack",), ("lifecycle-presence",)), "90d"
    ),
    "orders": PageLayout(
        gettext_lazy("Orders"), (("orders-cards",), ("orders-revenue",), ("orders-count", "orders-buyers")), "90d"
    ),
}

PANELS = panels.PANELS
_PLANS = ("overview-goals",)
"""Stands only where plans may be seen."""


def title_of(name: str, choice: Choice) -> str:
    """The title of a page: an overview bears the name of what it is of."""
    if name != "overview":
        return str(PAGES[name].title)
    if choice.community:
        return choice.community.name
    return choice.unit.name if choice.unit else _("All communities")


def panels_of(name: str, choice: Choice) -> list[list[dict[str, Any]]]:
    """The rows of a page with the addresses of their panels; none where there is nothing to count."""
    if choice.reach.empty:
        return []
    return [
        [
            {
                "name": part,
                "address": choice.address("panel", part),
                "cards": part.endswith("-cards"),
                "wide": part.endswith("-hours"),
            }
            for part in row
        ]
        for row in PAGES[name].rows
        if row != _PLANS or shows_plans(choice)
    ]
