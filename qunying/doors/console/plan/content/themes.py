"""The themes of a community: what each was to have of a month, what it has, and changing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import staff_of
from qunying.doors.console.plan.content.calendar import MONTH, month_of, span_of
from qunying.doors.console.plan.content.views import writer_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id
from qunying.plan.content.matrix import matrix_of
from qunying.plan.content.queries import get_theme_of
from qunying.plan.content.rules import may_write
from qunying.plan.content.services_themes import archive_theme, set_theme, ship_themes

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.matrix import Cell

_CLOSE = 5
"""Percentage points that nobody calls off the plan."""


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme of the matrix and how it stands, in words."""

    cell: Cell
    words: str
    style: str


@require_GET
@login_required
def themes(request: HttpRequest, slug: str) -> HttpResponse:
    """The matrix of a month: planned and actual shares, and how far off."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    around = _month_asked(request, community)
    first, last = month_of(around)
    cells = matrix_of(community, first=first, last=last)
    context = {
        "community": community,
        "span": span_of(MONTH, around),
        "rows": [ThemeRow(cell, *_told(cell)) for cell in cells],
        "total": cells[0].total if cells else 0,
        "any": any(cell.theme for cell in cells),
        "planned": sum(cell.wanted or 0 for cell in cells),
        "may_write": may_write(staff, community),
    }
    return render(request, "console/content/themes.html", context)


def _month_asked(request: HttpRequest, community: Community) -> date:
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')[:7]}-01")
    except ValueError:
        return timezone.localdate(timezone=ZoneInfo(community.timezone))


def _told(cell: Cell) -> tuple[str, str]:
    if cell.theme is None:
        return _("Give them a theme, so that the shares are right."), "status-fair"
    if cell.off is None:
        return (_("No share was set."), "status-open") if cell.wanted is None else ("", "status-open")
    if abs(cell.off) < _CLOSE or not cell.missing:
        return _("As planned"), "status-good"
    if cell.missing > 0:
        return ngettext("%(n)d short", "%(n)d short", cell.missing) % {"n": cell.missing}, "status-fair"
    return ngettext("%(n)d too many", "%(n)d too many", -cell.missing) % {"n": -cell.missing}, "status-fair"


@require_POST
@login_required
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Make, change or put away a theme, or put in the usual six."""
    staff, community = writer_in(request, slug)
    do = _acts(request, community, staff).get(request.POST.get("act", ""), _unknown)
    return act_and_return(request, do, done=_("The themes are saved."), back=reverse("content_themes", args=(slug,)))


def _acts(request: HttpRequest, community: Community, staff: Staff) -> dict[str, Callable[[], object]]:
    given = request.POST

    def put() -> object:
        pk = to_id(given.get("theme", ""))
        theme = get_theme_of(community, pk) if pk else None
        name_en = given.get("name_en", theme.name_en if theme else "")
        return set_theme(
            given.get("name", ""), community=community, share=_share(request), name_en=name_en, theme=theme, by=staff
        )

    return {
        "set": put,
        "archive": lambda: archive_theme(get_theme_of(community, to_id(given.get("theme", ""))), by=staff),
        "ship": lambda: ship_themes(community, by=staff),
    }


def _share(request: HttpRequest) -> int | None:
    text = request.POST.get("share", "").strip().rstrip("%％")
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise QunyingError(_("A share is a whole number of per cent, such as 20."))
    return int(text[:4])


def _unknown() -> None:
    raise QunyingError(_("Choose what to do."))
