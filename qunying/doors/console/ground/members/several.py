"""People who take a place in several groups of one community: found, filtered by a group, taken out as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qunying.doors.console.lists import Column, Listing, in_chunks
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import (
    get_community_for,
    groups_by_member,
    in_several_groups,
    present_in_groups,
)
from qunying.ground.members.queries import matching
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member

PAGE = 50


@dataclass(frozen=True, slots=True)
class SeveralRow:
    """One person, how many groups it is, which, and when they came into the latest (local to the community)."""

    member: Member
    count: int
    groups: list[str]
    since: datetime


SEVERAL: Listing[SeveralRow] = Listing(
    "members_several",
    gettext_lazy("In several groups"),
    (
        Column("number", gettext_lazy("Number"), lambda row: row.member.pk, shown=False),
        Column("name", gettext_lazy("Name"), lambda row: str(row.member), order="display_name"),
        Column("count", gettext_lazy("How many groups"), lambda row: row.count, order="group_count", css="number"),
        Column("groups", gettext_lazy("Groups"), lambda row: "; ".join(row.groups)),
        Column("since", gettext_lazy("Came into the latest"), lambda row: row.since, order="since"),
    ),
    default="-count",
)


def _group_asked(community: Community, query: QueryDict) -> Group | None:
    return community.groups.filter(pk=to_id(query.get("group", "")) or 0).first()


def _found(community: Community, query: QueryDict) -> QuerySet[Member]:
    found = in_several_groups(community, group=_group_asked(community, query))
    words = query.get("q", "").strip()
    return SEVERAL.sort(found.filter(matching(words)) if words else found, query)


def _rows(members: Sequence[Member], community: Community) -> list[SeveralRow]:
    zone = ZoneInfo(community.timezone)
    groups = groups_by_member([one.pk for one in members], community)
    return [
        SeveralRow(one, one.group_count, groups.get(one.pk, []), one.since.astimezone(zone))  # type: ignore[attr-defined]
        for one in members
    ]


@require_GET
@login_required
def several(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in two or more groups of the community, and how many of all who are in any."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_MEMBERS)
    page = Paginator(_found(community, request.GET), PAGE).get_page(request.GET.get("page"))
    narrowed = _group_asked(community, request.GET) is not None or request.GET.get("q", "").strip()
    context = {
        "community": community,
        "page": page,
        "rows": _rows(list(page.object_list), community),
        "whole": in_several_groups(community).count(),
        "narrowed": bool(narrowed),
        "present": present_in_groups(community),
        "groups": community.groups.order_by("name", "pk"),
        "group": _group_asked(community, request.GET),
        "words": request.GET.get("q", "").strip(),
        "may_export": Permission.EXPORT in permissions_in(staff, community.unit),
        **SEVERAL.table(request.GET),
    }
    return render(request, "console/members/several.html", context)


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The list as it is filtered and sorted, as a file."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_MEMBERS)
    refusal = _("Your role may not take lists out. Ask the lead of the unit.")
    check_may(staff, Permission.EXPORT, community.unit, refusal=refusal)
    found = _found(community, request.GET)
    rows = in_chunks(found, lambda some: _rows(some, community))
    zone = ZoneInfo(community.timezone)
    return SEVERAL.export(request, rows, count=found.count(), zone=zone, by=staff, of=community.slug)
