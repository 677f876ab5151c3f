"""People who ask to be let into a group: who they are, what they wrote, let in or turned away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.do.admission.models import Applicant
from qunying.do.admission.queries import applicants_for, get_applicant_for, waiting_for
from qunying.do.admission.services import admit_applicant, settle_applicant, turn_away_applicant
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may_anywhere, staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff

_MOST = 100
_LATELY = timedelta(days=7)


def _admitter(request: HttpRequest) -> Staff:
    """The person at the screen, who answers somewhere; raises NotAllowedError for others."""
    staff = staff_of(request)
    check_may_anywhere(
        staff,
        Permission.EDIT_MEMBERS,
        refusal=_("Your role may not let people into groups here. Ask the lead of the unit."),
    )
    return staff


@require_GET
@login_required
def applicants(request: HttpRequest) -> HttpResponse:
    """Who waits, the longest first, and what was answered in the last week."""
    staff = _admitter(request)
    answered = applicants_for(staff).filter(decided_at__gte=timezone.now() - _LATELY).order_by("-decided_at", "-pk")
    rows = list(waiting_for(staff)[: _MOST + 1])
    context = {
        "rows": rows[:_MOST],
        "more": len(rows) > _MOST,
        "answered": answered[:_MOST],
        "why_length": Applicant.WHY_LENGTH,
        "zone": zone_of(staff),
    }
    return render(request, "console/admission/list.html", context)


@require_POST
@login_required
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in."""
    staff = _admitter(request)
    one = get_applicant_for(staff, pk)
    done = _("%(name)s is let in.") % {"name": one.identity.member}
    return act_and_return(request, lambda: admit_applicant(one, by=staff), done=done, back=reverse("applicants"))


@require_POST
@login_required
def turn_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn somebody away, with the reason given."""
    staff = _admitter(request)
    one, why = get_applicant_for(staff, pk), request.POST.get("why", "")
    done = _("%(name)s is turned away.") % {"name": one.identity.member}
    return act_and_return(
        request, lambda: turn_away_applicant(one, why=why, by=staff), done=done, back=reverse("applicants")
    )


@require_POST
@login_required
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody from the list who was answered elsewhere."""
    staff = _admitter(request)
    one = get_applicant_for(staff, pk)
    done = _("Settled. Nobody is asked about it any more.")
    return act_and_return(request, lambda: settle_applicant(one, by=staff), done=done, back=reverse("applicants"))
