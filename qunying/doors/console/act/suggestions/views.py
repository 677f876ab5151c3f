"""The queue: one suggestion large, the others beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qunying.act.suggestions.models import Suggestion
from qunying.act.suggestions.queries import get_suggestion_for, in_order, last_night, last_nights, suggestions_for
from qunying.act.suggestions.quiet import quiet_together
from qunying.doors.console.act.suggestions.cards import card_of, entry_of
from qunying.doors.console.act.suggestions.forms import AcceptForm, DismissForm
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.plan.schedule.queries import people_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

OPEN, DECIDED = "open", "decided"
_MOST = 100
_WEEK = timedelta(days=7)


@require_safe
@login_required
def queue(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Open suggestions (or, with state=decided, what was decided), of one community or of all one may see."""
    staff = staff_of(request)
    community = get_community_for(staff, slug) if slug else None
    state = DECIDED if request.GET.get("state") == DECIDED else OPEN
    rows = suggestions_for(staff)
    if community is not None:
        rows = rows.filter(community=community)
    if state == OPEN:
        listed = in_order(rows.filter(state=Suggestion.State.OPEN)[:_MOST])
    else:
        listed = list(rows.exclude(state=Suggestion.State.OPEN).order_by("-decided_at", "-pk")[:_MOST])
    chosen = next((row for row in listed if str(row.pk) == request.GET.get("pk")), listed[0] if listed else None)
    context: dict[str, object] = {
        "community": community,
        "state": state,
        "entries": [entry_of(row) for row in listed],
        "night": last_night(community) if community else None,
        "any_community": community is not None or communities_for(staff).exists(),
        "quiet": "" if listed or state == DECIDED else _why_quiet(staff, community),
        "may_look": community is not None and may(staff, Permission.WORK, community.unit),
        "zone": zone_of(staff),
    }
    if chosen is not None:
        context |= _chosen(staff, chosen)
    return render(request, "console/suggestions/queue.html", context)


def _why_quiet(staff: Staff, community: Community | None) -> str:
    """Why nothing is open, in the community or in all that this person may see; empty where there is none."""
    places = [community] if community else list(communities_for(staff, Permission.SEE_FIGURES))
    nights = [(place.name, night) for place, night in last_nights(places)]
    return quiet_together(nights) if nights else ""


def _chosen(staff: Staff, row: Suggestion) -> dict[str, object]:
    card, deciding = card_of(row), may(staff, Permission.WORK, row.community.unit)
    first = {"title": card.title, "owner": staff.pk, "due": timezone.localdate(timezone=zone_of(staff)) + _WEEK}
    return {
        "card": card,
        "deciding": deciding,
        "accept_form": AcceptForm(people=people_for(row.community.unit), initial=first) if deciding else None,
        "dismiss_form": DismissForm() if deciding else None,
    }


@require_safe
@login_required
def origin(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the suggestion in the queue it stands in."""
    row = get_suggestion_for(staff_of(request), pk)
    return redirect(address_of(row))


def address_of(row: Suggestion) -> str:
    """Where a suggestion stands large."""
    state = OPEN if row.state == Suggestion.State.OPEN else DECIDED
    return f"{reverse('community_suggestions', args=[row.community.slug])}?state={state}&pk={row.pk}"
