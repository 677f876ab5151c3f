"""Playbooks in one community: what was drafted and applied, the review, applying, undoing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.system.names import actor_names
from qunying.doors.console.people import check_may, staff_of
from qunying.doors.console.plan.playbooks.document import document_of
from qunying.doors.console.plan.playbooks.views import read_day, yaml_file
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from qunying.kit.saying import say
from qunying.plan.playbooks.drafts import draft_parts, with_doubts
from qunying.plan.playbooks.exports import export_playbook
from qunying.plan.playbooks.models import Application
from qunying.plan.playbooks.offers import differences_offered, follower_of, offer_for, update_parts
from qunying.plan.playbooks.queries import applications_of, get_application_by_number, get_application_for
from qunying.plan.playbooks.sections import KNOWN
from qunying.plan.playbooks.services import (
    discard_draft,
    revise_draft,
    undo_playbook,
    what_stays,
)
from qunying.plan.playbooks.services_versions import apply_draft

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse, QueryDict

    from qunying.ground.access.models import Staff
    from qunying.plan.playbooks.drafts import Drafted, Part
    from qunying.plan.playbooks.offers import Offer

_A_PAGE = 50
_REFUSAL = gettext_lazy("Your role does not change plans here. Ask the lead of the unit.")
State = Application.State


@require_safe
@login_required
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """What was drafted, applied and undone in the community, newest first."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    page = Paginator(applications_of(community), _A_PAGE).get_page(request.GET.get("page"))
    names = actor_names({key for row in page for key in (row.drafted_by, row.applied_by, row.undone_by) if key})
    rows = [_row(application, names, ZoneInfo(community.timezone)) for application in page]
    context = {
        "community": community,
        "page": page,
        "rows": rows,
        "edits": may(staff, Permission.EDIT_PLAN, community.unit),
    }
    return render(request, "console/playbooks/history.html", context)


def _row(application: Application, names: dict[str, str], zone: ZoneInfo) -> dict[str, object]:
    at = application.undone_at or application.applied_at or application.drafted_at
    by = application.undone_by or application.applied_by or application.drafted_by
    return {
        "application": application,
        "title": say(application.content.get("title")),
        "at": at.astimezone(zone),
        "by": names.get(by, by),
        "made": len(application.made),
    }


@require_safe
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands in the community now, as a playbook."""
    community = get_community_for(staff_of(request), slug, Permission.SEE_PLAN)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    return yaml_file(export_playbook(community, today=today), community.slug)


@require_safe
@login_required
def one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A draft to look through, or what came of an applied playbook."""
    application = get_application_for(staff_of(request), slug, pk)
    if application.state == State.DRAFT:
        return _review_page(request, application)
    stays = what_stays(application) if application.state == State.APPLIED else application.kept
    kept = {(row["section"], row["key"]) for row in stays}
    made = [
        {**row, "label": KNOWN.get(row["section"], row["section"]), "kept": (row["section"], row["key"]) in kept}
        for row in application.made
    ]
    offer = offer_for(application)
    context = _frame(request, application) | {
        "offer": _offered(application, offer) if offer else None,
        "next": follower_of(application) if application.state == State.REPLACED else None,
        "made": made,
        "stays": stays,
        "goes": len(made) - len(stays),
        "document": document_of(application.content),
    }
    return render(request, "console/playbooks/application.html", context)


def _offered(application: Application, offer: Offer) -> dict[str, object]:
    """The offer in a sentence, and how many things came, changed and went."""
    kinds = Counter(one.kind.value for one in differences_offered(application, offer) if one.part)
    return {"newer": offer.newer, "version": offer.playbook.version, "sentence": offer_words(offer), "kinds": kinds}


def offer_words(offer: Offer) -> str:
    """In a sentence: a newer version, or parts that waited and are carried out by now."""
    if offer.newer:
        return _("Version %(version)s is on the shelf.") % {"version": offer.playbook.version}
    names = pgettext("names", ", ").join(str(KNOWN[name]) for name in offer.woken)
    return _("What was waiting is carried out by now: %(names)s.") % {"names": names}


@require_safe
@login_required
def origin(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from work that a playbook made to what that playbook made."""
    application = get_application_by_number(staff_of(request), pk)
    return redirect("application", application.community.slug, application.pk)


@require_safe
@login_required
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The exact text that was drafted."""
    application = get_application_for(staff_of(request), slug, pk)
    return yaml_file(application.text, application.playbook)


@require_POST
@login_required
def review(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keep what was changed in the review; with `apply`, make it all."""
    staff, application = to_edit(request, slug, pk)
    try:
        start, left_out, values = _typed(request.POST, application)
        application = revise_draft(application, start=start, left_out=left_out, values=values, by=staff)
        if "apply" in request.POST:
            apply_draft(application, by=staff)
    except (NotFoundError, NotAllowedError):
        raise
    except QunyingError as refused:
        if not Application.objects.filter(pk=application.pk, state=State.DRAFT).exists():
            messages.error(request, str(refused))
            return redirect("application", slug, pk)
        return _review_page(request, application, refusal=str(refused))
    done = _("Applied. Everything it made is listed here.") if "apply" in request.POST else _("The draft is saved.")
    messages.success(request, done)
    return redirect("application", slug, pk)


@require_POST
@login_required
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an applied playbook back."""
    staff, application = to_edit(request, slug, pk)
    back = reverse("application", args=[slug, pk])
    done = _("Undone. What people had changed is still there, and listed here.")
    return act_and_return(request, lambda: undo_playbook(application, by=staff), done=done, back=back)


@require_POST
@login_required
def discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Throw a draft away."""
    staff, application = to_edit(request, slug, pk)
    back = reverse("community_playbooks", args=[slug])
    return act_and_return(
        request, lambda: discard_draft(application, by=staff), done=_("The draft is thrown away."), back=back
    )


def to_edit(request: HttpRequest, slug: str, pk: int) -> tuple[Staff, Application]:
    """This person and the application, which they may change; 404 or 403 else."""
    staff = staff_of(request)
    application = get_application_for(staff, slug, pk)
    check_may(staff, Permission.EDIT_PLAN, application.community.unit, refusal=str(_REFUSAL))
    return staff, application


def _frame(request: HttpRequest, application: Application) -> dict[str, object]:
    community = application.community
    zone = ZoneInfo(community.timezone)
    names = actor_names({application.drafted_by, application.applied_by, application.undone_by} - {""})
    steps = (
        (_("drafted"), application.drafted_at, application.drafted_by),
        (_("applied"), application.applied_at, application.applied_by),
        (_("undone"), application.undone_at, application.undone_by),
    )
    return {
        "community": community,
        "application": application,
        "title": say(application.content.get("title")),
        "edits": may(staff_of(request), Permission.EDIT_PLAN, community.unit),
        "steps": [(words, at.astimezone(zone), names.get(by, by)) for words, at, by in steps if at],
    }


def _review_page(request: HttpRequest, application: Application, refusal: str = "") -> HttpResponse:
    parts = with_doubts(_parts(application), application)
    if refusal:
        parts = [replace(part, lines=[_retyped(drafted, request.POST) for drafted in part.lines]) for part in parts]
    context = _frame(request, application) | {
        "parts": parts,
        "document": document_of(application.content),
        "follows": application.follows,
        "many": sum(drafted.wanted for part in parts for drafted in part.lines),
        "refusal": refusal,
    }
    return render(request, "console/playbooks/review.html", context, status=400 if refusal else 200)


def _parts(application: Application) -> list[Part]:
    """The lines to look through: all of a first draft, the difference of one that follows."""
    return update_parts(application, application.follows) if application.follows else draft_parts(application)


def _retyped(drafted: Drafted, given: QueryDict) -> Drafted:
    """The line as it was sent, so that a refusal loses nothing that was typed."""
    values = [replace(value, text=given.get(value.name, value.text)) for value in drafted.values]
    wanted = drafted.name in given.getlist("keep")
    return replace(drafted, wanted=wanted, values=values, touched=values != drafted.values)


def _typed(given: QueryDict, application: Application) -> tuple[date, set[str], dict[str, dict[str, str]]]:
    """What the form of the review says: first day, lines left out, texts by line."""
    parts = _parts(application)
    lines = [drafted for part in parts for drafted in part.lines]
    kept = set(given.getlist("keep"))
    values = {
        drafted.name: {
            value.name.rsplit("/", 1)[1]: str(given[value.name]) for value in drafted.values if value.name in given
        }
        for drafted in lines
    }
    start = application.start if application.follows else read_day(given)
    before = set(application.left_out) - {drafted.name for drafted in lines}
    return start, before | ({drafted.name for drafted in lines if not drafted.stays} - kept), values
