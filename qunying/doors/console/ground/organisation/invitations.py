"""Invitations: the list, inviting, and the page on which somebody joins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.mail import EmailMessage
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.organisation.forms import GrantForm
from qunying.doors.console.ground.organisation.people import offered_roles
from qunying.doors.console.lists import Column, Listing, in_chunks
from qunying.doors.console.people import check_may_export, keeper_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.models import Invitation, Staff
from qunying.ground.access.queries import get_invitation_for, get_role, invitations_for, roles_now, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.access.services_invitations import (
    accept_invitation,
    invite,
    open_invitation,
    revoke_invitation,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

_PAGE = 50
_LIVES = (1, 3, 7, 30)
_STATES = {
    "open": pgettext_lazy("invitation", "Open"),
    "accepted": pgettext_lazy("invitation", "Accepted"),
    "expired": pgettext_lazy("invitation", "Expired"),
    "revoked": pgettext_lazy("invitation", "Taken back"),
}
_Row = dict[str, Any]


def _inviter(row: _Row) -> str:
    return str(row["invitation"].invited_by.name)


INVITATIONS: Listing[_Row] = Listing(
    "invitations",
    gettext_lazy("Invitations"),
    (
        Column("role", gettext_lazy("Role"), lambda row: row["role"]),
        Column("unit", gettext_lazy("Unit"), lambda row: row["invitation"].unit.name, order="unit__path"),
        Column("email", gettext_lazy("E-mail address"), lambda row: row["invitation"].email, order="email"),
        Column(
            "by", gettext_lazy("Invited by"), lambda row: row["invitation"].invited_by.name, order="invited_by__name"
        ),
        Column("made", gettext_lazy("Made"), lambda row: row["invitation"].created_at, order="created_at"),
        Column("ends", gettext_lazy("Ends"), lambda row: row["invitation"].expires_at, order="expires_at"),
        Column("state", gettext_lazy("State"), lambda row: _STATES[row["state"]]),
    ),
    default="-made",
)


class InvitationForm(GrantForm):
    """Whom to invite to what, and for how long."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    days = forms.TypedChoiceField(label=gettext_lazy("Valid for"), coerce=int, initial=7)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in _LIVES]
        self.fields["days"].choices = words  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """What a person who joins chooses."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=Staff.NAME_LENGTH)
    username = forms.CharField(label=gettext_lazy("Sign-in name"), max_length=60)
    password = forms.CharField(label=gettext_lazy("Password"), strip=False, max_length=200)


def _rows(found: Iterable[Invitation]) -> list[_Row]:
    roles, now = roles_now(), timezone.now()
    return [
        {
            "invitation": one,
            "role": roles[one.role].label if one.role in roles else one.role,
            "state": one.state(now),
            "words": _STATES[one.state(now)],
        }
        for one in found
    ]


@require_GET
@login_required
def invitations(request: HttpRequest) -> HttpResponse:
    """Whom the people of these units invited, and what came of it."""
    staff = keeper_of(request)
    page = Paginator(INVITATIONS.sort(invitations_for(staff), request.GET), _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(page),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "zone": zone_of(staff),
        **INVITATIONS.table(request.GET),
    }
    return render(request, "console/organisation/invitations.html", context)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file."""
    staff = keeper_of(request)
    check_may_export(staff)
    found = INVITATIONS.sort(invitations_for(staff), request.GET)
    return INVITATIONS.export(request, in_chunks(found, _rows), count=found.count(), zone=zone_of(staff), by=staff)


@require_http_methods(["GET", "POST"])
@login_required
def new_invitation(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the answer shows the link, this once, and mails it where mail is set up."""
    staff = keeper_of(request)
    offered = offered_roles(staff, roles_now().values())
    form = InvitationForm(request.POST or None, units=units_for(staff, Permission.EDIT_STAFF), roles=offered)
    made: list[tuple[Invitation, str]] = []
    if form.is_valid() and went_well(form, lambda: made.append(_invite(form, staff))):
        found, secret = made[0]
        link = request.build_absolute_uri(reverse("join", args=[secret]))
        facts = {"invitation": found, "role": get_role(found.role).label, "link": link, "mailed": _mail(found, link)}
        response = render(request, "console/organisation/invitation_made.html", facts | {"zone": zone_of(staff)})
        response.headers["Cache-Control"] = "no-store"
        return response
    context = {"form": form, "mails": bool(settings.EMAIL_HOST)}
    return render(request, "console/organisation/invitation_new.html", context, status=400 if form.errors else 200)


def _invite(form: InvitationForm, staff: Staff) -> tuple[Invitation, str]:
    wanted = form.cleaned_data
    return invite(wanted["role"], unit=wanted["unit"], email=wanted["email"], days=wanted["days"], by=staff)


def _mail(found: Invitation, link: str) -> bool:
    """Send the link where there is a server and an address; a server that refuses leaves the link to be handed over."""
    if not settings.EMAIL_HOST or not found.email:
        return False
    with translation.override(found.invited_by.language):
        facts = {"name": found.invited_by.name, "unit": found.unit.name, "link": link}
        words = _("%(name)s invites you to work in “%(unit)s” with Qunying. Open this link and choose a password:")
        subject = _("An invitation to Qunying")
    try:
        EmailMessage(subject, f"{words % facts}\n\n{link}\n", to=[found.email]).send()
    except OSError:
        return False
    return True


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    staff = keeper_of(request)
    found = get_invitation_for(staff, pk)
    return act_and_return(
        request,
        lambda: revoke_invitation(found, by=staff),
        done=_("The invitation is taken back; its link opens nothing."),
        back=reverse("invitations"),
    )


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Join the staff by a link; whoever is signed in is told to sign out first."""
    found = open_invitation(secret)
    form = JoinForm(request.POST or None)
    if form.is_valid() and went_well(form, lambda: _join(form, secret)):
        messages.success(request, _("Welcome. You can sign in now."))
        return redirect("account_login")
    context = {"form": form, "invitation": found, "role": get_role(found.role).label}
    return render(request, "console/organisation/join.html", context, status=400 if form.errors else 200)


def _join(form: JoinForm, secret: str) -> Staff:
    wanted = form.cleaned_data
    return accept_invitation(
        secret,
        username=wanted["username"],
        name=wanted["name"],
        password=wanted["password"],
        language=get_language() or "zh-hans",
    )
