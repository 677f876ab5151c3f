"""The list of entries, the list to take away, what is done with many at once, and a new topic."""

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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import ids_in
from qunying.doors.console.lists import in_chunks
from qunying.doors.console.people import check_may, staff_of, went_well
from qunying.doors.console.plan.content.forms import TopicForm
from qunying.doors.console.plan.content.rows import ENTRIES, choices_in, entry_rows, filters_from, find_entries, tallies
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.plan.content.models import Entry
from qunying.plan.content.queries import entries_of
from qunying.plan.content.services import drop_entry, propose_entry, take_up_entry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

PAGE = 50
_UNDO = "content_undo"


@require_GET
@login_required
def content(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries of a community that fit the filters of the address."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    filters = filters_from(request.GET)
    found = ENTRIES.sort(find_entries(community, filters, staff), request.GET)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    held = permissions_in(staff, community.unit)
    counted = tallies(community, filters)
    context = {
        "community": community,
        "page": page,
        "rows": entry_rows(page.object_list),
        "filters": filters,
        "tallies": counted,
        "any": bool(counted),
        "may_write": Permission.WRITE_CONTENT in held,
        "may_export": Permission.EXPORT in held,
        "undo": request.session.get(_UNDO, {}).get("words") if "undo" in request.GET else None,
        **choices_in(community),
        **ENTRIES.table(request.GET),
    }
    return render(request, "console/content/list.html", context)


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The entries that fit the filters as a file."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    refusal = _("Your role may not take lists out. Ask the lead of the unit.")
    check_may(staff, Permission.EXPORT, community.unit, refusal=refusal)
    found = ENTRIES.sort(find_entries(community, filters_from(request.GET), staff), request.GET)
    rows, zone = in_chunks(found, entry_rows), ZoneInfo(community.timezone)
    return ENTRIES.export(request, rows, count=found.count(), zone=zone, by=staff, of=slug)


def writer_in(request: HttpRequest, slug: str) -> tuple[Staff, Community]:
    """Who asks and the community of the address; raises NotAllowedError for who does not write there."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    refusal = _("Your role may not write content. Ask the lead of the unit.")
    check_may(staff, Permission.WRITE_CONTENT, community.unit, refusal=refusal)
    return staff, community


@require_POST
@login_required
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Drop the chosen entries, or take back that they were dropped."""
    staff, community = writer_in(request, slug)
    query = request.POST.get("filters", "").lstrip("?")
    chosen = entries_of(community).filter(pk__in=ids_in(request.POST)).exclude(state=Entry.State.DROPPED)
    entries = list(chosen.order_by("pk"))
    if not entries:
        messages.error(request, _("No entry is chosen. Tick the boxes of those you mean."))
        return redirect(f"{reverse('content', args=[slug])}?{query}")
    for entry in entries:
        drop_entry(entry, by=staff)
    words = ngettext("%(n)d entry was dropped.", "%(n)d entries were dropped.", len(entries)) % {"n": len(entries)}
    request.session[_UNDO] = {"slug": slug, "ids": [entry.pk for entry in entries], "words": words}
    return redirect(f"{reverse('content', args=[slug])}?{query}{'&' if query else ''}undo=1")


@require_POST
@login_required
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take up again what was dropped last; an approval does not come back."""
    staff, community = writer_in(request, slug)
    last = request.session.pop(_UNDO, {})
    ids = last.get("ids", []) if last.get("slug") == slug else []
    entries = list(entries_of(community).filter(pk__in=ids, state=Entry.State.DROPPED))
    for entry in entries:
        take_up_entry(entry, by=staff)
    if entries:
        messages.success(request, _("They stand on the plan again."))
    query = request.POST.get("filters", "").lstrip("?")
    return redirect(f"{reverse('content', args=[slug])}?{query}")


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a topic on the plan; the calendar hands over the day."""
    staff, community = writer_in(request, slug)
    first = {"slot_day": request.GET.get("day", ""), "owner": str(staff.pk)}
    form = TopicForm(request.POST or None, community=community, initial=first)
    made: list[Entry] = []

    def act() -> None:
        given = form.cleaned_data
        made.append(
            propose_entry(given["title"], form=given["form"], community=community, planned=form.planned(), by=staff)
        )

    if request.method == "POST" and form.is_valid() and went_well(form, act):
        messages.success(request, _("The topic is on the plan."))
        return redirect("entry", slug=slug, pk=made[0].pk)
    context = {"community": community, "form": form, "heading": _("New topic")}
    return render(request, "console/content/form.html", context)
