"""Building a segment: one form, counted live while it is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qunying.doors.console.ground.segments.drafts import changed, options_in, plain_from, rows_of
from qunying.doors.console.people import check_may_anywhere, staff_of
from qunying.ground.access.queries import get_unit_for, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.ground.segments.conditions import read_group, sentence
from qunying.ground.segments.counting import count_fitting
from qunying.ground.segments.queries import get_segment_for, names_in, seen_by
from qunying.ground.segments.services import create_segment, edit_segment
from qunying.ground.units.queries import in_tree_order, subtree
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit

    Place = tuple[Unit, Community | None]


def _builder(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    refusal = _("Your role may not change members. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.EDIT_MEMBERS, refusal=refusal)
    return staff


def _places(staff: Staff) -> list[tuple[str, str]]:
    """Where this person may save segments: units as a tree, and the communities."""
    units = in_tree_order(units_for(staff, Permission.EDIT_MEMBERS))
    found = [(f"unit:{unit.pk}", _("%(unit)s and below") % {"unit": unit.name}) for unit in units]
    communities = communities_for(staff, Permission.EDIT_MEMBERS)
    return [(f"community:{row.slug}", row.name) for row in communities] + found


def _place(staff: Staff, text: str) -> Place:
    """The unit or community chosen; raises NotFoundError for what is not this person's."""
    kind, _colon, name = text.partition(":")
    if kind == "community":
        community = get_community_for(staff, name, Permission.EDIT_MEMBERS)
        return community.unit, community
    pk = to_id(name)
    if pk is None:
        raise QunyingError(_("Choose where the segment looks."))
    return get_unit_for(staff, pk, Permission.EDIT_MEMBERS), None


def _communities(staff: Staff, place: Place) -> list[Community]:
    unit, community = place
    if community is not None:
        return [community]
    return list(communities_for(staff, Permission.SEE_MEMBERS).filter(unit__in=subtree(unit)))


def _counted(plain: dict[str, Any], communities: Sequence[Community]) -> dict[str, Any]:
    """The sentence and the count of a form, or why there is none."""
    try:
        group = read_group(plain)
        counted = count_fitting(group, [row.pk for row in communities])
    except QunyingError as refused:
        return {"refused": str(refused)}
    return {"words": sentence(group, names_in(communities)), "counted": counted}


def _form(plain: dict[str, Any], communities: Sequence[Community]) -> dict[str, Any]:
    return {
        "every": plain["all"],
        "rows": rows_of(plain),
        "options": options_in(communities),
        **_counted(plain, communities),
    }


@require_POST
@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """The form after a change: rows added or dropped, and the count; part of a page."""
    staff = _builder(request)
    pk = to_id(request.POST.get("segment", ""))
    if pk is None:
        communities = _communities(staff, _place(staff, request.POST.get("place", "")))
    else:
        communities = seen_by(staff, get_segment_for(staff, pk, Permission.EDIT_MEMBERS))
    plain = changed(plain_from(request.POST), request.POST.get("act", "") or request.POST.get("add", ""))
    return render(request, "console/segments/form.html", _form(plain, communities))


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Build a segment of a community, or of a unit and all below."""
    staff = _builder(request)
    places = _places(staff)
    asked = request.POST.get("place") or request.GET.get("place") or (places[0][0] if places else "")
    place = _place(staff, asked)
    communities = _communities(staff, place)
    plain = changed(plain_from(request.POST), request.POST.get("act", ""))
    name, refused = request.POST.get("name", ""), ""
    if request.method == "POST" and request.POST.get("act") == "save":
        try:
            made = create_segment(place[0], community=place[1], name=name, conditions=plain, by=staff)
        except QunyingError as error:
            refused = str(error)
        else:
            messages.success(request, _("The segment is saved."))
            return redirect("segment", pk=made.pk)
    context = {"places": places, "place": asked, "name": name, "error": refused, **_form(plain, communities)}
    return render(request, "console/segments/build.html", context, status=400 if refused else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name and conditions of a segment; where it looks stays."""
    staff = staff_of(request)
    segment = get_segment_for(staff, pk, Permission.EDIT_MEMBERS)
    plain = changed(plain_from(request.POST), request.POST.get("act", "")) if request.POST else segment.conditions
    name, refused = request.POST.get("name", segment.name), ""
    if request.POST.get("act") == "save":
        try:
            edit_segment(segment, name=name, conditions=plain, by=staff)
        except QunyingError as error:
            refused = str(error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("segment", pk=pk)
    context = {"segment": segment, "name": name, "error": refused, **_form(plain, seen_by(staff, segment))}
    return render(request, "console/segments/build.html", context, status=400 if refused else 200)
