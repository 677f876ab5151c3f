"""One request: what was asked, what can be done, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.privacy.register import state_of
from qunying.doors.console.ground.privacy.words import KINDS
from qunying.doors.console.ground.system.names import actor_names
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.jobs.turns import OPEN
from qunying.ground.members.private import PRIVATE_FIELDS
from qunying.ground.members.queries import masked_fields
from qunying.ground.privacy.queries import erasure_of, freeze_of
from qunying.ground.subjects.holdings import all_holdings
from qunying.ground.subjects.models import SubjectRequest
from qunying.ground.subjects.queries import corrections_of, get_request_for
from qunying.ground.subjects.rules import check_may_decide, may_decide
from qunying.ground.subjects.services import NAME, close_request, correct_member
from qunying.ground.subjects.services_erasure import erase_member, preview_erasure
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The request with what its kind needs: files, a form, a confirmation."""
    staff = staff_of(request)
    found = get_request_for(staff, pk)
    person, is_open = found.member, found.state == SubjectRequest.State.OPEN
    erasing = found.kind == SubjectRequest.Kind.ERASURE
    erased = erasure_of(person)
    masked = masked_fields([person.pk]).get(person.pk, {})
    corrections = list(corrections_of(person))
    names = actor_names({found.made_by, found.closed_by, *(row.corrected_by for row in corrections)} - {""})
    labels = {NAME: _("Name shown"), **{kind.name: kind.label for kind in PRIVATE_FIELDS.values()}}
    context = {
        "found": found,
        "member": person,
        "kind": KINDS[found.kind],
        **state_of(found),
        "open": is_open,
        "erased": erased,
        "frozen": freeze_of(person),
        "may_decide": may_decide(staff, person),
        "preview": preview_erasure(person) if erasing and is_open and erased is None else None,
        "job_open": found.job is not None and found.job.state in OPEN,
        "gone": _gone(found),
        "kept": [(row.label, row.kept) for row in all_holdings() if row.erase is None],
        "fields": [(NAME, labels[NAME], person.display_name)]
        + [(kind.name, kind.label, masked.get(kind.name, "")) for kind in PRIVATE_FIELDS.values()],
        "corrections": [(row, labels.get(row.field, row.field), names[row.corrected_by]) for row in corrections],
        "made_by": names.get(found.made_by, ""),
        "closed_by": names.get(found.closed_by, ""),
        "typed": person.display_name or str(person.pk),
        "zone": zone_of(staff),
    }
    return render(request, "console/privacy/request.html", context)


def _gone(found: SubjectRequest) -> list[tuple[str, int]]:
    """What an erasure took, in words."""
    words = {row.name: str(row.label) for row in all_holdings()} | {
        "veiled": _("Names of objects that held the account"),
        "uploads": _("Uploaded files"),
        "reports": _("Reports on rejected rows, reports made"),
        "lines": _("Lines of logs"),
        "lake": _("The warehouse, built anew"),
        "barred": _("Places where others wrote of them"),
    }
    return [(words.get(name, name), count) for name, count in found.result.get("erased", {}).items()]


@require_POST
@login_required
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a field right and keep what stood there."""
    staff = staff_of(request)
    found = get_request_for(staff, pk)
    check_may_decide(staff, found.member)
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    return act_and_return(
        request,
        lambda: correct_member(found.member, field=field, value=value, by=staff, request=found),
        done=_("It is put right; what stood there before is kept, encrypted."),
        back=reverse("privacy_request", args=[pk]),
    )


@require_POST
@login_required
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to erase the person, after their name was typed."""
    staff = staff_of(request)
    found = get_request_for(staff, pk)
    check_may_decide(staff, found.member)

    def begin() -> None:
        if request.POST.get("typed", "").strip() != (found.member.display_name or str(found.member.pk)):
            raise QunyingError(_("The name does not match. Nothing was erased."))
        if found.kind != SubjectRequest.Kind.ERASURE or found.state != SubjectRequest.State.OPEN:
            raise QunyingError(_("This request does not ask for an erasure, or is closed."))
        erase_member(found.member, by=staff, request=found)

    done = _("The erasure has begun. This page shows when it is done and proved.")
    return act_and_return(request, begin, done=done, back=reverse("privacy_request", args=[pk]))


@require_POST
@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the person was answered, or refused and why."""
    staff = staff_of(request)
    found = get_request_for(staff, pk)
    refused, answer = request.POST.get("how") == "refuse", request.POST.get("answer", "")
    return act_and_return(
        request,
        lambda: close_request(found, by=staff, answer=answer, refused=refused),
        done=_("The request is refused; tell the person why.") if refused else _("The request is answered."),
        back=reverse("privacy_request", args=[pk]),
    )
