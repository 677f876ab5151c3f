"""The overview and the figure pages: a frame at once, its panels as they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunying.doors.console.ground.figures import bar, layout
from qunying.doors.console.ground.figures.fleet import fleet_table
from qunying.doors.console.ground.figures.panels import import_address
from qunying.doors.console.ground.figures.scope import read_choice, refuse_nowhere
from qunying.doors.console.people import staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.figures.sitting import one_snapshot
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.doors.console.ground.figures.scope import Choice


@require_safe
@login_required
@one_snapshot()
def page(request: HttpRequest, name: str, slug: str = "") -> HttpResponse:
    """A figure page of a community, or of all the communities this person may see."""
    staff = staff_of(request)
    if "where" in request.GET:
        return _go_where(request, name)
    choice = read_choice(request, staff, slug, preset=layout.PAGES[name].preset)
    context = {
        "choice": choice,
        "community": choice.community,
        "page_name": name,
        "home": choice.address("overview"),
        "title": layout.title_of(name, choice),
        "bar": bar.scope_bar(choice, name),
        "rows": layout.panels_of(name, choice),
        "nothing": choice.reach.empty,
        "table": fleet_table(choice, request.GET.get("page")) if name == "overview" and not slug else None,
        "communities": choice.communities,
        "may_make": not choice.communities and may_anywhere(staff, Permission.EDIT_COMMUNITIES),
        "communities_url": reverse("communities"),
        "import_url": import_address(choice),
        "can_report": _report_address(choice) if name == "overview" else "",
    }
    return render(request, "console/figures/page.html", context)


def _report_address(choice: Choice) -> str:
    """The weekly report of the open community; '' where none is open."""
    if choice.community is None:
        return ""
    try:
        return reverse("report", args=(choice.community.slug,))
    except NoReverseMatch:
        return ""


def _go_where(request: HttpRequest, name: str) -> HttpResponse:
    """Turn a choice in the scope bar (`community:slug`, `unit:7`, or '') into the address of that page."""
    query = request.GET.copy()
    kind, _colon, which = query.pop("where")[-1].partition(":")
    for gone in ("unit", "group", "tag", "channel", "segment"):
        query.pop(gone, None)
    address = reverse(name)
    if kind == "community":
        address = reverse(f"community_{name}", args=(get_community_for(staff_of(request), which).slug,))
    elif kind == "unit":
        query["unit"] = which
    return HttpResponseRedirect(f"{address}?{query.urlencode()}" if query else address)


@require_safe
@login_required
@one_snapshot()
def panel(request: HttpRequest, name: str, slug: str = "") -> HttpResponse:
    """One panel of a page, for htmx."""
    choice = read_choice(request, staff_of(request), slug)
    make = layout.PANELS.get(name)
    if make is None:
        raise NotFoundError(_("There is no such part of a page."))
    refuse_nowhere(choice)
    made = make(choice, request.GET)
    return render(request, f"console/figures/panel_{made.kind}.html", {"panel": made, "choice": choice})
