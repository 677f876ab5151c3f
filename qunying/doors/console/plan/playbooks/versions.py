"""A newer version of a playbook that stands, or parts that came alive: the difference, drafting it, declining it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import staff_of
from qunying.doors.console.plan.playbooks.applications import offer_words, to_edit
from qunying.doors.console.plan.playbooks.changes import told_parts
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.kit.errors import NotFoundError
from qunying.kit.saying import say
from qunying.plan.playbooks.offers import differences_offered, offer_for
from qunying.plan.playbooks.queries import get_application_for
from qunying.plan.playbooks.services_versions import decline_offer, draft_update

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def changes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What is different in the version that is offered from what stands; 404 where nothing is offered."""
    staff = staff_of(request)
    application = get_application_for(staff, slug, pk)
    offer = offer_for(application)
    if offer is None:
        raise NotFoundError(_("There is nothing newer than what stands here."))
    context = {
        "community": application.community,
        "application": application,
        "title": say(application.content.get("title")),
        "offer": offer,
        "sentence": offer_words(offer),
        "parts": told_parts(differences_offered(application, offer)),
        "edits": may(staff, Permission.EDIT_PLAN, application.community.unit),
    }
    return render(request, "console/playbooks/changes.html", context)


@require_POST
@login_required
def update(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Draft the difference, and go to its review."""
    staff, application = to_edit(request, slug, pk)
    back = reverse("application", args=[slug, pk])
    drafted: list[int] = []
    done = _("Drafted. Nothing is made yet: look through it, then apply.")
    answer = act_and_return(
        request, lambda: drafted.append(draft_update(application, by=staff).pk), done=done, back=back
    )
    return redirect("application", slug, drafted[0]) if drafted else answer


@require_POST
@login_required
def decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Leave it as it stands, and do not offer this again."""
    staff, application = to_edit(request, slug, pk)
    back = reverse("application", args=[slug, pk])
    done = _("It stays as it stands. The next version is offered again.")
    return act_and_return(request, lambda: decline_offer(application, by=staff), done=done, back=back)
