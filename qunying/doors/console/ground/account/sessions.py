"""Where a person is signed in: the list, and ending what is not wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.account.agents import agent_icon, agent_words
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.services_devices import end_sessions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """The browsers in which this person is signed in now, and those that ever were."""
    staff = staff_of(request)
    # What ran out or ended with a changed password is cleared away as the list is read.
    UserSession.objects.purge_and_list(staff)
    rows = [
        {
            "session": session,
            "words": agent_words(session.user_agent),
            "icon": agent_icon(session.user_agent),
            "here": session.session_key == request.session.session_key,
        }
        for session in UserSession.objects.filter(user=staff).order_by("-last_seen_at", "-pk")
    ]
    rows.sort(key=lambda row: not row["here"])
    devices = [(agent_words(device.agent), device) for device in staff.devices.order_by("-last_seen_at")[:20]]
    context = {"rows": rows, "devices": devices, "zone": zone_of(staff), "others": any(not row["here"] for row in rows)}
    return render(request, "console/account/sessions.html", context)


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    staff = staff_of(request)
    return act_and_return(
        request,
        lambda: end_sessions(staff, by=staff, only=pk),
        done=_("The session has ended."),
        back=reverse("sessions"),
    )


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    staff = staff_of(request)
    keep = request.session.session_key or ""
    return act_and_return(
        request,
        lambda: end_sessions(staff, by=staff, keep=keep),
        done=_("Every other session has ended."),
        back=reverse("sessions"),
    )
