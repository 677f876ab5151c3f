"""Deciding about a suggestion, and looking now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunying.act.suggestions.queries import get_suggestion_for
from qunying.act.suggestions.services import (
    accept_suggestion,
    dismiss_suggestion,
    look_now,
    reopen_suggestion,
)
from qunying.doors.console.act.suggestions.forms import AcceptForm
from qunying.doors.console.act.suggestions.views import address_of
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.plan.schedule.queries import people_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.act.suggestions.models import Suggestion
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community


@require_POST
@login_required
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Make work of it: it stands on Today from then on."""
    staff = staff_of(request)
    row = _decidable(staff, pk)
    form = AcceptForm(request.POST, people=people_for(row.community.unit))
    if not form.is_valid():
        messages.error(request, _("Say what is to be done, and until which day."))
        return redirect(address_of(row))
    given = form.cleaned_data
    return act_and_return(
        request,
        lambda: accept_suggestion(row, title=given["title"], owner=given["owner"], due=given["due"], by=staff),
        done=_("Accepted. “%(title)s” is on the list of to-dos.") % {"title": given["title"]},
        back=_queue(row.community),
        refused=address_of(row),
    )


@require_POST
@login_required
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it, with the reason."""
    staff = staff_of(request)
    row = _decidable(staff, pk)
    return act_and_return(
        request,
        lambda: dismiss_suggestion(row, reason=request.POST.get("reason", ""), by=staff),
        done=_("Dismissed. The same finding stays quiet for four weeks."),
        back=_queue(row.community),
        refused=address_of(row),
    )


@require_POST
@login_required
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the decision back."""
    staff = staff_of(request)
    row = _decidable(staff, pk)
    back = address_of(row)
    return act_and_return(
        request, lambda: reopen_suggestion(row, by=staff), done=_("The suggestion is open again."), back=back
    )


@require_POST
@login_required
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Look now rather than tonight."""
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    _check(staff, community)
    night = look_now(community, by=staff)
    words = _("Looked: %(questions)s questions put to the figures, %(found)s findings.")
    messages.success(request, words % {"questions": night.questions, "found": night.found})
    return redirect(_queue(community))


def _decidable(staff: Staff, pk: int) -> Suggestion:
    row = get_suggestion_for(staff, pk)
    _check(staff, row.community)
    return row


def _check(staff: Staff, community: Community) -> None:
    refusal = _("Your roles do not include deciding on suggestions. Ask the lead of the unit.")
    check_may(staff, Permission.WORK, community.unit, refusal=refusal)


def _queue(community: Community) -> str:
    return reverse("community_suggestions", args=[community.slug])
