"""Pages of members: the list of a community, and one person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from qunying.doors.console.ground.members.filters import MARKS, SEEN, STATES, chips_of, choices_in
from qunying.doors.console.ground.members.one import happenings, portrait
from qunying.doors.console.ground.members.rows import MEMBERS, find_members, member_rows
from qunying.doors.console.ground.members.segmenting import segment_chips, selection_with_segment
from qunying.doors.console.people import staff_of
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for, get_community_for, get_member_for
from qunying.ground.merges.queries import living_id
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50


@require_GET
@login_required
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """The members of a community that fit the filters of the address."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_MEMBERS)
    selection, choices = selection_with_segment(request.GET, staff), choices_in(community)
    page = Paginator(find_members(community, request.GET, staff), PAGE).get_page(request.GET.get("page"))
    held = permissions_in(staff, community.unit)
    context = {
        "community": community,
        "page": page,
        "rows": member_rows(list(page.object_list), community),
        "selection": selection,
        "choices": choices,
        "chips": segment_chips(request.GET, staff) + chips_of(request.GET, selection, choices),
        "states": STATES,
        "marks": MARKS,
        "seen": SEEN,
        "may_edit": Permission.EDIT_MEMBERS in held,
        "may_export": Permission.EXPORT in held,
        "may_import": Permission.IMPORT in held,
        "undo": request.session.get("members_undo", {}).get("words") if "undo" in request.GET else None,
        **MEMBERS.table(request.GET),
    }
    return render(request, "console/members/list.html", context)


@require_GET
@login_required
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: state, timeline, what can be done; who was merged into another leads there."""
    staff = staff_of(request)
    try:
        person = get_member_for(staff, pk)
    except NotFoundError:
        if (now := living_id(pk)) == pk:
            raise
        return redirect("member", pk=get_member_for(staff, now).pk)
    return render(request, "console/members/one.html", portrait(person, staff=staff))


@require_GET
@login_required
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The next part of a person's timeline, for htmx; `before` is the place it goes on from."""
    staff = staff_of(request)
    person = get_member_for(staff, pk)
    visible = communities_for(staff, Permission.SEE_MEMBERS)
    place = _place(request.GET.get("before", ""))
    context = {"member": person, **happenings(person, communities=visible, before_place=place)}
    return render(request, "console/members/timeline.html", context)


def _place(text: str) -> tuple[datetime, int] | None:
    when, _tilde, pk = text.partition("~")
    try:
        at = datetime.fromisoformat(when)
        return (at, int(pk)) if at.tzinfo else None
    except ValueError:
        return None
