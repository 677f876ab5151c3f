"""All communities at a glance: one line for each unit and community, counted after the page stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.doors.console.ground.figures.asking import ask
from qunying.doors.console.ground.figures.cards import make_card
from qunying.doors.console.ground.figures.panel import Panel
from qunying.doors.console.ground.figures.words import signed
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.units.queries import in_tree_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.paginator import Page

    from qunying.doors.console.ground.figures.scope import Choice

_A_PAGE = 20


def fleet_table(choice: Choice, page: str | None) -> Page[dict[str, Any]]:
    """Units in tree order with their communities below, as lines that fill themselves."""
    units = in_tree_order(units_for(choice.staff, Permission.SEE_FIGURES))
    if choice.unit:
        units = [unit for unit in units if unit.path.startswith(choice.unit.path)]
    top = min((unit.depth for unit in units), default=0)
    paths = [one.unit.path for one in choice.communities]
    lines: list[dict[str, Any]] = []
    for unit in units:
        if not any(path.startswith(unit.path) for path in paths):
            continue
        depth = unit.depth - top
        lines.append(
            {
                "unit": unit,
                "depth": min(depth, 3),
                "address": choice.address("overview", unit=unit.pk),
                "part": choice.address("panel", "fleet-line", unit=unit.pk),
            }
        )
        lines += [
            {"community": one, "depth": min(depth + 1, 3), **_addresses(choice, one.slug)}
            for one in choice.communities
            if one.unit_id == unit.pk
        ]
    return Paginator(lines, _A_PAGE).get_page(page)


def _addresses(choice: Choice, slug: str) -> dict[str, str]:
    query = choice.query(unit=None, period=choice.preset or None)
    return {
        "address": f"{reverse('community_overview', args=(slug,))}?{query}",
        "part": f"{reverse('community_panel', args=(slug, 'fleet-line'))}?{query}",
    }


def fleet_line(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """The cells of one line: present, net growth, activity, messages, money."""
    if choice.reach.empty:
        return Panel("fleet-line", "", "", kind="line", extra=None)
    net = (ask(choice, "joins").value or 0) - (ask(choice, "leaves").value or 0)
    present = make_card(choice, "members_present")
    rate = make_card(choice, "active_rate", grade="interactive")
    messages = make_card(choice, "messages")
    cells = [
        {"text": present.value, "title": present.exact, "address": present.address, "label": _("Members")},
        {"text": signed(net), "address": choice.address("figure", "joins"), "label": _("Net growth")},
        {
            "text": rate.value,
            "title": rate.note,
            "address": rate.address,
            "faint": rate.small_n,
            "label": _("Active rate"),
        },
        {"text": messages.value, "title": messages.exact, "address": messages.address, "label": _("Messages")},
        {
            "text": messages.change,
            "tone": messages.tone,
            "direction": messages.direction,
            "label": pgettext("difference", "Change"),
        },
    ]
    return Panel("fleet-line", "", "", kind="line", extra=cells)
