"""Pages of communities and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qunying.doors.console.ground.communities.forms import CommunityForm, GroupForm, NewCommunityForm, NewGroupForm
from qunying.doors.console.ground.communities.rows import (
    COMMUNITIES,
    GROUPS,
    community_rows,
    find_communities,
    find_groups,
    group_rows,
)
from qunying.doors.console.ground.communities.stewards import LEVELS, colleagues_of, stewards_of
from qunying.doors.console.menu import page_in
from qunying.doors.console.people import check_may_export, staff_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import permissions_anywhere, permissions_in, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.events.time_zones import has_facts, set_time_zone
from qunying.ground.groups.models import Community
from qunying.ground.groups.queries import (
    communities_for,
    get_community_for,
    get_group_for,
    groups_of,
    platforms_of,
    with_counts,
)
from qunying.ground.groups.services import create_community, create_group, edit_community
from qunying.ground.groups.services import edit_group as edit_group_verb
from qunying.ground.platforms.names import platform_label
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group


@require_GET
@login_required
def communities(request: HttpRequest) -> HttpResponse:
    """Every community this person may see, with its groups and members.

    `to` names an entry of the menu whose pages belong to one community: each line leads there, and
    where there is only one, so does the address itself.
    """
    staff = staff_of(request)
    held = permissions_anywhere(staff)
    rows = community_rows(_communities(request, staff, Permission.SEE_FIGURES))
    onward = request.GET.get("to", "")
    if len(rows) == 1 and "q" not in request.GET and (address := page_in(onward, rows[0].community.slug)):
        return redirect(address)
    context = {
        "rows": [(row, page_in(onward, row.community.slug)) for row in rows],
        "onward": onward if page_in(onward, "any") else "",
        "words": request.GET.get("q", "").strip(),
        "may_make": Permission.EDIT_COMMUNITIES in held,
        "may_export": Permission.EXPORT in held,
        **COMMUNITIES.table(request.GET),
    }
    return render(request, "console/communities/list.html", context)


def _communities(request: HttpRequest, staff: Staff, permission: Permission) -> QuerySet[Community]:
    words = request.GET.get("q", "").strip()
    return COMMUNITIES.sort(find_communities(with_counts(communities_for(staff, permission)), words=words), request.GET)


@require_GET
@login_required
def export_communities(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered and sorted, as a file: the communities whose lists this person may take out."""
    staff = staff_of(request)
    check_may_export(staff)
    rows = community_rows(_communities(request, staff, Permission.EXPORT))
    return COMMUNITIES.export(request, rows, count=len(rows), zone=zone_of(staff), by=staff)


@require_http_methods(["GET", "POST"])
@login_required
def new_community(request: HttpRequest) -> HttpResponse:
    """Make a community in a unit of one's own."""
    staff = staff_of(request)
    units = units_for(staff, Permission.EDIT_COMMUNITIES)
    if not units.exists():
        raise NotAllowedError(_("Your role may not make communities. Ask the lead of the unit."))
    form = NewCommunityForm(request.POST or None, units=units)
    if form.is_valid() and went_well(form, lambda: create_community(**form.cleaned_data, by=staff)):
        return redirect("groups", slug=form.cleaned_data["slug"])
    context = {"form": form, "heading": _("New community")}
    return render(request, "console/communities/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def community_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a community; its time zone only while nothing is recorded of it."""
    staff = staff_of(request)
    community = _editable(staff, slug)
    fixed = has_facts(community)
    form = CommunityForm(
        request.POST or None,
        units=units_for(staff, Permission.EDIT_COMMUNITIES),
        initial={name: getattr(community, name) for name in ("name", "kind", "unit", "timezone", "introduction")},
    )
    form.fields["timezone"].disabled = fixed
    if form.is_valid() and went_well(form, lambda: _change(community, form, staff)):
        messages.success(request, _("The changes are saved."))
        return redirect("community_settings", slug=slug)
    context = {"form": form, "community": _stored(community), "heading": _("Community settings")}
    return render(request, "console/communities/form.html", context, status=400 if form.errors else 200)


def _change(community: Community, form: CommunityForm, staff: Staff) -> None:
    given = dict(form.cleaned_data)
    with transaction.atomic():
        set_time_zone(community, timezone=given.pop("timezone"), by=staff)
        edit_community(community, **given, by=staff)


def _stored(community: Community) -> Community:
    # The frame shows the name as it is stored, not as it was just typed and refused.
    return Community.objects.select_related("unit").get(pk=community.pk)


@require_GET
@login_required
def groups(request: HttpRequest, slug: str) -> HttpResponse:
    """The groups of a community and how full they are."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    held = permissions_in(staff, community.unit)
    context = {
        "community": community,
        "rows": group_rows(_groups(request, community)),
        "words": request.GET.get("q", "").strip(),
        "platform": request.GET.get("platform", ""),
        "platforms": [(name, platform_label(name)) for name in platforms_of(community)],
        "stewards": stewards_of(community),
        "levels": LEVELS,
        "colleagues": colleagues_of(community) if Permission.EDIT_COMMUNITIES in held else [],
        "may_edit": Permission.EDIT_COMMUNITIES in held,
        "may_export": Permission.EXPORT in held,
        **GROUPS.table(request.GET),
    }
    return render(request, "console/communities/groups.html", context)


def _groups(request: HttpRequest, community: Community) -> QuerySet[Group]:
    words, platform = request.GET.get("q", "").strip(), request.GET.get("platform", "")
    return GROUPS.sort(find_groups(groups_of(community), words=words, platform=platform), request.GET)


@require_GET
@login_required
def export_groups(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The groups as they are filtered and sorted, as a file."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    check_may_export(staff, community.unit)
    rows = group_rows(_groups(request, community))
    zone = ZoneInfo(community.timezone)
    return GROUPS.export(request, rows, count=len(rows), zone=zone, by=staff, of=community.slug)


@require_http_methods(["GET", "POST"])
@login_required
def new_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a group in a community."""
    staff = staff_of(request)
    community = _editable(staff, slug)
    form = NewGroupForm(request.POST or None)
    if form.is_valid() and went_well(form, lambda: create_group(community, **form.cleaned_data, by=staff)):
        messages.success(request, _("The group “%(name)s” is made.") % {"name": form.cleaned_data["name"]})
        return redirect("groups", slug=slug)
    context = {"form": form, "community": community, "heading": _("New group")}
    return render(request, "console/communities/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit_group(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a group."""
    staff = staff_of(request)
    community = _editable(staff, slug)
    group: Group = get_group_for(staff, slug, pk, Permission.EDIT_COMMUNITIES)
    initial = {name: getattr(group, name) for name in ("name", "kind", "capacity", "announcement")}
    form = GroupForm(request.POST or None, initial=initial)
    if form.is_valid() and went_well(form, lambda: edit_group_verb(group, **form.cleaned_data, by=staff)):
        messages.success(request, _("The changes are saved."))
        return redirect("groups", slug=slug)
    context = {"form": form, "community": community, "heading": initial["name"]}
    return render(request, "console/communities/form.html", context, status=400 if form.errors else 200)


def _editable(staff: Staff, slug: str) -> Community:
    """The community, 404 outside one's unit; refused with a sentence to those who may only look."""
    community = get_community_for(staff, slug)
    if not may(staff, Permission.EDIT_COMMUNITIES, community.unit):
        raise NotAllowedError(_("Your role may not change communities. Ask the lead of the unit."))
    return community
