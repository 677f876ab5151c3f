"""What one person agreed to, what limits hold for them, what they asked."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.privacy.register import state_of
from qunying.doors.console.ground.privacy.words import BANDS, KINDS, SOURCES
from qunying.doors.console.ground.system.names import actor_names
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_member_for, memberships_of
from qunying.ground.groups.rules import permissions_with_member
from qunying.ground.privacy.models import Minor
from qunying.ground.privacy.purposes import all_purposes
from qunying.ground.privacy.queries import erasure_of, freeze_of, ledger_of, may_contact, minor_of, standing
from qunying.ground.privacy.services import freeze_member, give_consent, mark_minor, thaw_member, withdraw_consent
from qunying.ground.subjects.queries import requests_of
from qunying.ground.subjects.rules import check_may_decide
from qunying.ground.subjects.services import take_request
from qunying.ground.subjects.telling import FORMS, export_member
from qunying.kit.errors import NotAllowedError, QunyingError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member

_SHOWN = 50


@require_GET
@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Consents by purpose with their ledger, age, freeze, requests."""
    staff = staff_of(request)
    person = get_member_for(staff, pk)
    held = permissions_with_member(staff, person)
    lines = list(ledger_of(person)[:_SHOWN])
    frozen = freeze_of(person)
    names = actor_names({line.recorded_by for line in lines} | ({frozen.frozen_by} if frozen else set()))
    labels = {purpose.name: purpose.label for purpose in all_purposes()}
    young = minor_of(person)
    context = {
        "member": person,
        "community": memberships_of(person, staff=staff)[0].community,
        "purposes": _purposes(person),
        "lines": [
            (line, labels.get(line.purpose, line.purpose), SOURCES[line.source], names[line.recorded_by])
            for line in lines
        ],
        "bands": BANDS.items(),
        "band": young.band if young else "",
        "child": young is not None and young.band == Minor.Band.CHILD,
        "frozen": frozen,
        "frozen_by": names[frozen.frozen_by] if frozen else "",
        "erased": erasure_of(person),
        "requests": [(row, KINDS[row.kind], state_of(row)) for row in requests_of(person)],
        "kinds": KINDS.items(),
        "may_edit": not held.isdisjoint({Permission.EDIT_MEMBERS, Permission.PRIVACY}),
        "may_handle": Permission.PRIVACY in held,
        "today": timezone.localdate(),
        "zone": zone_of(staff),
    }
    return render(request, "console/privacy/member.html", context)


def _purposes(person: Member) -> list[dict[str, object]]:
    last = standing(person)
    return [
        {"purpose": purpose, "last": last.get(purpose.name), "open": may_contact(person, purpose.name)}
        for purpose in all_purposes()
    ]


def _with(request: HttpRequest, pk: int, *permissions: Permission) -> tuple[Staff, Member]:
    """The person at the screen and the member, where one of these permissions is held with them."""
    staff = staff_of(request)
    person = get_member_for(staff, pk)
    if permissions_with_member(staff, person).isdisjoint(permissions):
        raise NotAllowedError(_("Your role does not allow this. Ask the lead of the unit."))
    return staff, person


def _back(pk: int) -> str:
    return reverse("member_privacy", args=[pk])


@require_POST
@login_required
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line to the ledger: agreed, or taken back."""
    staff, person = _with(request, pk, Permission.EDIT_MEMBERS, Permission.PRIVACY)
    purpose, given = request.POST.get("purpose", ""), request.POST.get("given") == "1"
    guardian = request.POST.get("guardian") == "1"

    def write() -> object:
        at = _moment(request.POST.get("day", ""), staff)
        if given:
            return give_consent(person, purpose=purpose, by=staff, at=at, by_guardian=guardian)
        return withdraw_consent(person, purpose=purpose, by=staff, at=at)

    done = _("The consent is written down.") if given else _("It is taken back; nothing more is done on this purpose.")
    return act_and_return(request, write, done=done, back=_back(pk))


def _moment(text: str, staff: Staff) -> datetime | None:
    """The start of the day told, in the zone of the pages; None (now) where it is today or nothing was told."""
    if not text:
        return None
    day = _day(text)
    zone = zone_of(staff)
    return None if day == timezone.localdate(timezone=zone) else datetime.combine(day, time(), zone)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QunyingError(_("“%(value)s” is not a date. Write one such as 1990-05-23.") % {"value": text}) from None


@require_POST
@login_required
def age(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the person as not of age, or as of age."""
    staff, person = _with(request, pk, Permission.EDIT_MEMBERS, Permission.PRIVACY)
    band = request.POST.get("band", "")
    return act_and_return(
        request, lambda: mark_minor(person, band=band, by=staff), done=_("The age is noted."), back=_back(pk)
    )


@require_POST
@login_required
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze what is known of the person, or lift the freeze."""
    staff, person = _with(request, pk, Permission.PRIVACY)
    check_may_decide(staff, person)
    if request.POST.get("on") == "1":
        reason = request.POST.get("reason", "")
        done = _("Frozen: this person is left out wherever people are reached. Figures stay as they are.")
        return act_and_return(
            request, lambda: freeze_member(person, reason=reason, by=staff), done=done, back=_back(pk)
        )
    return act_and_return(
        request, lambda: thaw_member(person, by=staff), done=_("The freeze is lifted."), back=_back(pk)
    )


@require_POST
@login_required
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what the person asks on the register, and open it."""
    staff, person = _with(request, pk, Permission.EDIT_MEMBERS, Permission.PRIVACY)
    told = request.POST

    def write() -> None:
        received = _day(told["received"]) if told.get("received") else None
        take_request(person, kind=told.get("kind", ""), by=staff, received=received, note=told.get("note", ""))

    return act_and_return(request, write, done=_("The request is on the register."), back=_back(pk))


@never_cache
@require_POST
@login_required
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything held of the person as a file, private fields in plain; who took it is written down."""
    staff, person = _with(request, pk, Permission.PRIVACY)
    check_may_decide(staff, person)
    form = request.POST.get("form", "")
    if form not in FORMS:
        return redirect(_back(pk))
    raw = export_member(person, form=form, by=staff)
    response = HttpResponse(raw, content_type=FORMS[form])
    name = _("everything-held-of-%(number)s") % {"number": pk}
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.{form}") or ""
    return response
