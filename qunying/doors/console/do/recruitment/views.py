"""The list of channels, one channel, making and changing one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qunying.do.recruitment.bounds import choose
from qunying.do.recruitment.models import Channel
from qunying.do.recruitment.queries import (
    Tally,
    codes_of,
    coding_accounts,
    costs_of,
    get_channel_for,
    nameless_keys,
    open_link_of,
    standings,
    tallies,
)
from qunying.do.recruitment.rules import (
    check_may_change_channel,
    check_may_keep_channels,
    may_change_channel,
    may_keep_channels,
)
from qunying.do.recruitment.services import create_channel, edit_channel
from qunying.doors.console.do.recruitment.forms import ChannelForm, CostForm, NewChannelForm
from qunying.doors.console.do.recruitment.rows import (
    CHANNELS,
    ChannelRow,
    address_of_link,
    channel_rows,
    days_asked,
    period_asked,
)
from qunying.doors.console.do.recruitment.words import KINDS, SPANS
from qunying.doors.console.people import check_may, staff_of, went_well
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.groups.models import Community


@require_GET
@login_required
def channels(request: HttpRequest, slug: str) -> HttpResponse:
    """Every channel that serves the community: visits of its link, people known to have come by it, what it cost."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    held = permissions_in(staff, community.unit)
    period = period_asked(request.GET, community)
    words = request.GET.get("q", "").strip()
    rows = CHANNELS.sort_rows(channel_rows(community, period, words=words), request.GET)
    up = standings([community])
    context = {
        "community": community,
        "rows": rows,
        "words": words,
        "days": days_asked(request.GET),
        "spans": SPANS,
        "period": period,
        "nameless": nameless_keys(community),
        "presses": [one for one in up if one.presses],
        "shown": choose(up),
        "may_edit": Permission.EDIT_CHANNELS in held,
        "may_export": Permission.EXPORT in held,
        "may_see_members": Permission.SEE_MEMBERS in held,
        **CHANNELS.table(request.GET),
    }
    return render(request, "console/recruitment/list.html", context)


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The list as it is filtered and sorted, as a file."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    refusal = _("Your role may not take lists out. Ask the lead of the unit.")
    check_may(staff, Permission.EXPORT, community.unit, refusal=refusal)
    words = request.GET.get("q", "").strip()
    found = channel_rows(community, period_asked(request.GET, community), words=words)
    rows = CHANNELS.sort_rows(found, request.GET)
    zone = ZoneInfo(community.timezone)
    return CHANNELS.export(request, rows, count=len(rows), zone=zone, by=staff, of=community.slug)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a channel; `key` in the address is one that facts know already."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    check_may_keep_channels(staff, community)
    key = request.GET.get("key", "")[: Channel.KEY_LENGTH]
    form = NewChannelForm(request.POST or None, community=community, staff=staff, initial={"name": key, "key": key})
    made: list[Channel] = []
    if form.is_valid() and went_well(form, lambda: made.append(_make(form, request))):
        messages.success(request, _("The channel “%(name)s” is made.") % {"name": made[0].name})
        return redirect("channel", slug=slug, pk=made[0].pk)
    return _form(request, form, community, heading=_("New channel"))


def _make(form: NewChannelForm, request: HttpRequest) -> Channel:
    place, key = form.place_chosen(), form.cleaned_data["key"]
    return create_channel(place, about=form.about(), key=key, by=staff_of(request))


def _form(
    request: HttpRequest, form: ChannelForm, community: Community, *, heading: str, channel: Channel | None = None
) -> HttpResponse:
    context = {"form": form, "community": community, "heading": heading, "channel": channel}
    return render(request, "console/recruitment/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a channel; its key stays."""
    staff = staff_of(request)
    community, found = get_channel_for(staff, slug, pk)
    check_may_change_channel(staff, found)
    heading = found.name
    initial = {name: getattr(found, name) for name in ("name", "kind", "wanted")}
    form = ChannelForm(request.POST or None, initial=initial)
    if form.is_valid() and went_well(form, lambda: edit_channel(found, about=form.about(), by=staff)):
        messages.success(request, _("The changes are saved."))
        return redirect("channel", slug=slug, pk=pk)
    return _form(request, form, community, heading=heading, channel=found)


@require_GET
@login_required
def channel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One channel in one community: what it brought, what it cost, its link and its code."""
    staff = staff_of(request)
    community, found = get_channel_for(staff, slug, pk)
    period = period_asked(request.GET, community)
    link = open_link_of(found, community)
    held = permissions_in(staff, community.unit)
    up = standings([community])
    context = {
        "community": community,
        "channel": found,
        "kind": KINDS[found.kind],
        "row": ChannelRow(found, tallies(community, period).get(found.key, Tally()), community.currency),
        "days": days_asked(request.GET),
        "spans": SPANS,
        "period": period,
        "link": link,
        "address": address_of_link(request, link) if link else "",
        "shown": choose(up),
        "presses": [one for one in up if one.presses],
        "offered": coding_accounts(community).exists(),
        "platform_codes": codes_of(found, community).filter(ended_at__isnull=True).count(),
        "costs": costs_of(found, community),
        "cost_form": CostForm(community=community, auto_id="cost_%s"),
        "may_keep": may_keep_channels(staff, community),
        "may_change": may_change_channel(staff, found),
        "may_see_members": Permission.SEE_MEMBERS in held,
    }
    return render(request, "console/recruitment/one.html", context)
