"""Small pages that belong to no area: the look, and the list of communities to switch to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from qunying.doors.console.context import THEMES
from qunying.doors.console.people import staff_of
from qunying.ground.groups.queries import communities_for

if TYPE_CHECKING:
    from django.http import HttpRequest

_YEAR = 365 * 24 * 3600
_SHOWN = 30


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or auto in a cookie, so that the server draws the next page right at once."""
    wanted = request.POST.get("theme", "auto")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    response.set_cookie(
        "theme",
        wanted if wanted in THEMES else "auto",
        max_age=_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_safe
@login_required
def switch_list(request: HttpRequest) -> HttpResponse:
    """The communities this person may open whose name or unit matches `q`; part of a page."""
    words = request.GET.get("q", "").strip()
    found = communities_for(staff_of(request))
    if words:
        found = found.filter(Q(name__icontains=words) | Q(slug__icontains=words) | Q(unit__name__icontains=words))
    rows = list(found.order_by("name")[: _SHOWN + 1])
    context = {"communities": rows[:_SHOWN], "more": len(rows) > _SHOWN, "words": words}
    return render(request, "console/parts/switch_list.html", context)
