"""What the members list can do with many at once, take back, and give away as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import ids_in
from qunying.doors.console.ground.members.rows import MEMBERS, find_members, member_rows
from qunying.doors.console.ground.members.segmenting import selection_with_segment
from qunying.doors.console.lists import in_chunks
from qunying.doors.console.people import check_may, check_may_export, staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.events.selection import select_members
from qunying.ground.groups.queries import get_community_for, members_of
from qunying.ground.members.models import Tag
from qunying.ground.members.services_many import mark_many_members, tag_many_members, untag_many_members
from qunying.ground.members.services_people import Mark
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

_MOST_UNDO = 10_000

_MARKING = {
    "mark_staff": (Mark.STAFF, True),
    "unmark_staff": (Mark.STAFF, False),
    "mark_bot": (Mark.BOT, True),
    "unmark_bot": (Mark.BOT, False),
}


def get_editable(request: HttpRequest, slug: str) -> tuple[Staff, Community]:
    """Who asks and the community of the address; raises NotAllowedError for who may not change its members."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_MEMBERS)
    refusal = _("Your role may not change members. Ask the lead of the unit.")
    check_may(staff, Permission.EDIT_MEMBERS, community.unit, refusal=refusal)
    return staff, community


@require_POST
@login_required
def change(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Tag, untag or mark the chosen members, or all that fit the filters."""
    staff, community = get_editable(request, slug)
    ids = _chosen(request, community, staff)
    query = QueryDict(request.POST.get("filters", "").lstrip("?"), mutable=True)
    query.pop("undo", None)
    try:
        if _act(request, ids, staff):
            query["undo"] = "1"
    except QunyingError as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('members', args=[slug])}?{query.urlencode()}")


def _chosen(request: HttpRequest, community: Community, staff: Staff) -> list[int]:
    """Ids of chosen members, only such as belong to this community."""
    if request.POST.get("all") == "1":
        selection = selection_with_segment(QueryDict(request.POST.get("filters", "").lstrip("?")), staff)
        return sorted(select_members(community, selection).order_by().values_list("pk", flat=True))
    return sorted(members_of(community).filter(pk__in=ids_in(request.POST)).values_list("pk", flat=True))


def _act(request: HttpRequest, ids: list[int], staff: Staff) -> bool:
    """Do what was asked, a thousand members a transaction; whether it can be taken back."""
    if not ids:
        raise QunyingError(_("No member is chosen. Tick the boxes of those you mean."))
    name = request.POST.get("act", "")
    if name in _MARKING:
        mark, on = _MARKING[name]
        changed = mark_many_members(ids, mark=mark, on=on, by=staff)
        undo: dict[str, object] = {"act": name, "ids": changed}
    elif name == "tag":
        wanted = request.POST.get("dimension", ""), request.POST.get("tag_name", "")
        tag, changed = tag_many_members(ids, dimension=wanted[0], name=wanted[1], by=staff)
        undo = {"act": name, "tag": tag.pk, "ids": changed}
    elif name == "untag":
        tag = get_object_or_404(Tag, pk=_pk(request.POST.get("tag", "")))
        changed = untag_many_members(ids, tag=tag, by=staff)
        undo = {"act": name, "tag": tag.pk, "ids": changed}
    else:
        raise QunyingError(_("Choose what to do with the members."))
    return _tell(request, ids, changed, undo)


def _pk(text: str) -> int:
    pk = to_id(text)
    if pk is None:
        raise QunyingError(_("Choose the tag to take away."))
    return pk


def _tell(request: HttpRequest, ids: list[int], changed: list[int], undo: dict[str, object]) -> bool:
    count = len(changed)
    words = ngettext("%(count)d member changed.", "%(count)d members changed.", count) % {"count": count}
    if len(ids) > count:
        words += " " + _("%(rest)d were so already.") % {"rest": len(ids) - count}
    messages.success(request, words)
    if not changed or count > _MOST_UNDO:
        request.session.pop("members_undo", None)
        return False
    request.session["members_undo"] = {**undo, "words": words}
    return True


@require_POST
@login_required
def undo(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Take back the last bulk change this person made."""
    staff, community = get_editable(request, slug)
    last = request.session.pop("members_undo", None)
    if last is None:
        messages.error(request, _("There is nothing left to take back."))
    else:
        ids = sorted(members_of(community).filter(pk__in=last["ids"]).values_list("pk", flat=True))
        _take_back(last, ids, staff)
        messages.success(request, _("The change is taken back."))
    return redirect(f"{reverse('members', args=[slug])}?{request.POST.get('filters', '').lstrip('?')}")


def _take_back(last: dict[str, object], ids: list[int], staff: Staff) -> None:
    act = str(last["act"])
    if act in _MARKING:
        mark, on = _MARKING[act]
        mark_many_members(ids, mark=mark, on=not on, by=staff)
        return
    tag = get_object_or_404(Tag.objects.select_related("dimension"), pk=last["tag"])
    if act == "tag":
        untag_many_members(ids, tag=tag, by=staff)
    else:
        tag_many_members(ids, dimension=tag.dimension.name, name=tag.name, by=staff)


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The members as they are filtered and sorted, as a file; private fields masked."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_MEMBERS)
    check_may_export(staff, community.unit)
    found = find_members(community, request.GET, staff)
    rows = in_chunks(found, lambda part: member_rows(part, community, for_file=True))
    zone = ZoneInfo(community.timezone)
    return MEMBERS.export(request, rows, count=found.count(), zone=zone, by=staff, of=community.slug)
