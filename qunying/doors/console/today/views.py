"""Today: the list, and the panel of what happened overnight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qunying.doors.console.people import staff_of
from qunying.doors.console.today.course import off_course
from qunying.doors.console.today.lists import todo_context
from qunying.doors.console.today.night import overnight_context
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import communities_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What must I do now, what is off course; what happened overnight follows by itself."""
    staff = staff_of(request)
    context = todo_context(staff, request.GET.get("tab", ""))
    if request.headers.get("HX-Request") == "true":
        return render(request, "console/today/todos.html", context)
    found, more = off_course(staff)
    context |= {
        "off": found,
        "more": more,
        "any_community": communities_for(staff).exists(),
        "may_make": may_anywhere(staff, Permission.EDIT_COMMUNITIES),
        "may_hand_out": may_anywhere(staff, Permission.WORK),
    }
    return render(request, "console/today/page.html", context)


@require_safe
@login_required
def overnight(request: HttpRequest) -> HttpResponse:
    """The panel: counts of yesterday and since midnight, and what went wrong."""
    return render(request, "console/today/overnight.html", overnight_context(staff_of(request)))
