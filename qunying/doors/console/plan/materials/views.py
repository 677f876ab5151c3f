"""The library: the list, the list to take away, many at once, and its folders."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return, ids_in
from qunying.doors.console.lists import in_chunks
from qunying.doors.console.people import check_may, staff_of
from qunying.doors.console.plan.content.views import writer_in
from qunying.doors.console.plan.materials.rows import (
    MATERIALS,
    choices_in,
    filters_from,
    find_materials,
    material_rows,
    today_of,
)
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id
from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import folders_in, get_folder_in, materials_in
from qunying.plan.materials.services import (
    archive_materials,
    create_folder,
    drop_folder,
    move_materials,
    rename_folder,
    restore_materials,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

PAGE = 48
_UNDO = "materials_undo"


@require_GET
@login_required
def materials(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be used in a community and fits the filters of the address."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    return render(request, "console/materials/list.html", list_context(request, community, staff))


def list_context(request: HttpRequest, community: Community, staff: Staff) -> dict[str, object]:
    """What the page of the list shows."""
    filters, folders, today = filters_from(request.GET), folders_in(community), today_of(community)
    found = MATERIALS.sort(find_materials(community, filters, folders, today), request.GET)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    held = permissions_in(staff, community.unit)
    return {
        "community": community,
        "page": page,
        "rows": material_rows(page.object_list, today),
        "filters": filters,
        "folder": next((one for one, _depth in folders if one.pk == filters.folder), None),
        "may_write": Permission.WRITE_CONTENT in held,
        "may_export": Permission.EXPORT in held,
        "licences": Material.Licence.choices,
        "undo": request.session.get(_UNDO, {}).get("words") if "undo" in request.GET else None,
        **choices_in(community, folders),
        **MATERIALS.table(request.GET),
    }


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The materials that fit the filters as a file."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    refusal = _("Your role may not take lists out. Ask the lead of the unit.")
    check_may(staff, Permission.EXPORT, community.unit, refusal=refusal)
    today = today_of(community)
    fitting = find_materials(community, filters_from(request.GET), folders_in(community), today)
    found = MATERIALS.sort(fitting, request.GET)
    rows = in_chunks(found, lambda some: material_rows(some, today))
    return MATERIALS.export(
        request, rows, count=found.count(), zone=ZoneInfo(community.timezone), by=staff, of=community.slug
    )


def _to_list(slug: str, request: HttpRequest, more: str = "") -> str:
    query = request.POST.get("filters", "").lstrip("?")
    query = "&".join(part for part in (query, more) if part)
    address = reverse("materials", args=[slug])
    return f"{address}?{query}" if query else address


@require_POST
@login_required
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the chosen away, take them out again, or move them into a folder."""
    staff, community = writer_in(request, slug)
    chosen = list(materials_in(community).filter(pk__in=ids_in(request.POST)).order_by("pk"))
    if not chosen:
        messages.error(request, _("Nothing is chosen. Tick the boxes of those you mean."))
        return redirect(_to_list(slug, request))
    if request.POST.get("act") == "move":
        folder = get_folder_in(community, to_id(request.POST.get("to", "")))
        act: Callable[[], object] = lambda: move_materials(chosen, folder=folder, by=staff)  # noqa: E731 - said once
        return act_and_return(request, act, done=_("They lie there now."), back=_to_list(slug, request))
    away = request.POST.get("act") != "restore"
    ids = archive_materials(chosen, by=staff) if away else restore_materials(chosen, by=staff)
    words = _turned(len(ids), away=away)
    request.session[_UNDO] = {"slug": slug, "ids": ids, "away": away, "words": words}
    return redirect(_to_list(slug, request, "undo=1"))


def _turned(count: int, *, away: bool) -> str:
    if away:
        return ngettext("%(n)d material was put away.", "%(n)d materials were put away.", count) % {"n": count}
    return ngettext("%(n)d material was taken out again.", "%(n)d materials were taken out again.", count) % {
        "n": count
    }


@require_POST
@login_required
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the last putting away (or out) back."""
    staff, community = writer_in(request, slug)
    last = request.session.pop(_UNDO, {})
    found = list(materials_in(community).filter(pk__in=last.get("ids", []) if last.get("slug") == slug else []))
    if found:
        (restore_materials if last["away"] else archive_materials)(found, by=staff)
        messages.success(request, _("The change is taken back."))
    return redirect(_to_list(slug, request))


@require_POST
@login_required
def folder(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a folder, give one another name, or remove one that is empty, as the button says."""
    staff, community = writer_in(request, slug)
    given, back = request.POST, reverse("materials", args=[slug])
    name, wanted = given.get("name", ""), get_folder_in(community, to_id(given.get("folder", "")))
    asked = given.get("act", "")
    if asked == "make":
        shared = bool(given.get("shared"))
        place = None if shared else community
        return act_and_return(
            request,
            lambda: create_folder(name, unit=community.unit, community=place, parent=wanted, by=staff),
            done=_("The folder is made."),
            back=f"{back}?folder={wanted.pk}" if wanted else back,
        )
    if wanted is None or asked not in {"rename", "drop"}:
        raise QunyingError(_("Choose what to do."))
    at = f"{back}?folder={wanted.pk}"
    if asked == "drop":
        return act_and_return(
            request, lambda: drop_folder(wanted, by=staff), done=_("The folder is removed."), back=back, refused=at
        )
    return act_and_return(
        request, lambda: rename_folder(wanted, name=name, by=staff), done=_("The folder has its new name."), back=at
    )
