"""Pages of segments: the list, one of them, the tag it sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_may_anywhere, check_may_export, staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.figures.sitting import one_snapshot
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import communities_for
from qunying.ground.members.models import Tag
from qunying.ground.segments.conditions import read_group
from qunying.ground.segments.counting import Fitting, count_fitting, members_fitting
from qunying.ground.segments.queries import get_segment_for, names_in, seen_by, segments_for, words_of
from qunying.ground.segments.services import remove_segment
from qunying.ground.segments.services_tagging import keep_in_step, set_segment_tag
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.segments.conditions import Names
    from qunying.ground.segments.models import Segment


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment, said and counted now."""

    segment: Segment
    words: str
    fitting: Fitting


SEGMENTS: Listing[SegmentRow] = Listing(
    "segments",
    gettext_lazy("Segments"),
    (
        Column("name", gettext_lazy("Name"), lambda row: row.segment.name, order=True),
        Column("words", gettext_lazy("Who"), lambda row: row.words),
        Column(
            "where", gettext_lazy("Where"), lambda row: (row.segment.community or row.segment.unit).name, order=True
        ),
        Column("count", gettext_lazy("People"), lambda row: row.fitting.count, order=True, css="number"),
        Column("tag", gettext_lazy("Sets the tag"), lambda row: row.segment.tag.label if row.segment.tag else ""),
    ),
    default="name",
)


def _rows(request: HttpRequest, staff: Staff) -> list[SegmentRow]:
    """Every segment this person may see, counted from one snapshot."""
    visible = list(communities_for(staff, Permission.SEE_MEMBERS))
    names = names_in(visible)
    with one_snapshot():
        rows = [_row(segment, visible, names) for segment in segments_for(staff)]
    return SEGMENTS.sort_rows(rows, request.GET)


def _row(segment: Segment, visible: list[Community], names: Names) -> SegmentRow:
    inside = [row.pk for row in visible if _looks_into(segment, row)]
    return SegmentRow(segment, words_of(segment, names), count_fitting(read_group(segment.conditions), inside))


def _looks_into(segment: Segment, community: Community) -> bool:
    if segment.community_id is not None:
        return segment.community_id == community.pk
    return community.unit.path.startswith(segment.unit.path)


@require_GET
@login_required
def segments(request: HttpRequest) -> HttpResponse:
    """The segments of one's units, each in words and counted now."""
    staff = _seer(request)
    context = {
        "rows": _rows(request, staff),
        "may_make": may_anywhere(staff, Permission.EDIT_MEMBERS),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        **SEGMENTS.table(request.GET),
    }
    return render(request, "console/segments/list.html", context)


def _seer(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    refusal = _("Your role may not see members. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.SEE_MEMBERS, refusal=refusal)
    return staff


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The segments with their counts as a file."""
    staff = _seer(request)
    check_may_export(staff)
    rows = _rows(request, staff)
    return SEGMENTS.export(request, rows, count=len(rows), zone=zone_of(staff), by=staff)


@require_GET
@login_required
def segment(request: HttpRequest, pk: int) -> HttpResponse:
    """One segment: in words, how many, where they are, and the tag it sets."""
    staff = staff_of(request)
    found = get_segment_for(staff, pk)
    communities = seen_by(staff, found)
    group = read_group(found.conditions)
    ids = [row.pk for row in communities]
    with one_snapshot():
        members = members_fitting(group, ids)
        among = count_fitting(group, ids).among
    context = {
        "segment": found,
        "words": words_of(found, names_in(communities)),
        "counted": Fitting(len(members), among),
        "places": _by_community(members, communities),
        "may_edit": Permission.EDIT_MEMBERS in permissions_in(staff, found.unit),
        "tags": Tag.objects.filter(archived_at=None).select_related("dimension").order_by("dimension__pk", "pk"),
        "zone": ZoneInfo(communities[0].timezone) if communities else zone_of(staff),
    }
    return render(request, "console/segments/one.html", context)


def _by_community(members: list[int], communities: list[Community]) -> list[tuple[Community, int]]:
    """How many of them are or were in each community; who is in two counts in both."""
    found = []
    for row in communities:
        inside = Membership.objects.filter(community=row, identity__member__among=members)
        found.append((row, inside.values("identity__member").distinct().count()))
    return [pair for pair in found if pair[1]]


@require_POST
@login_required
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a tag by this segment from now on, or none."""
    staff = staff_of(request)
    found = get_segment_for(staff, pk, Permission.EDIT_MEMBERS)
    asked = to_id(request.POST.get("tag", ""))
    chosen = None if asked is None else get_object_or_404(Tag.objects.select_related("dimension"), pk=asked)

    def act() -> None:
        set_segment_tag(found, tag=chosen, by=staff)
        if chosen is not None:
            keep_in_step(found, by=staff)

    done = _("The tag is given, and kept in step every night.") if chosen else _("This segment sets no tag any more.")
    return act_and_return(request, act, done=done, back=reverse("segment", args=[pk]))


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a segment and the tags it gave."""
    staff = staff_of(request)
    found = get_segment_for(staff, pk, Permission.EDIT_MEMBERS)

    def act() -> None:
        if request.POST.get("typed", "").strip() != found.name:
            raise QunyingError(_("The name that was typed is another one. Nothing was removed."))
        remove_segment(found, by=staff)

    back, refused = reverse("segments"), reverse("segment", args=[pk])
    return act_and_return(request, act, done=_("The segment is removed."), back=back, refused=refused)
