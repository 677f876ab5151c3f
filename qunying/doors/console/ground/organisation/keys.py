"""API keys: the list, making one, seeing its text once, revoking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.organisation.forms import unit_field
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_fresh, check_may_anywhere, check_may_export, staff_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.models import ApiKey
from qunying.ground.access.queries import get_key_for, keys_for, permissions_anywhere, units_for
from qunying.ground.access.roles import PERMISSIONS, SCOPES, Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.access.services_keys import create_key, revoke_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit

_PAGE = 50
_LIVES = (30, 90, 180, 365)
_STATES = {
    "open": pgettext_lazy("key", "Open"),
    "expired": pgettext_lazy("key", "Expired"),
    "revoked": pgettext_lazy("key", "Revoked"),
    "closed": pgettext_lazy("key", "Account closed"),
}


def state_of(key: ApiKey) -> str:
    """As it stands now; see ApiKey.state."""
    return key.state(timezone.now())


def _scope_words(key: ApiKey) -> list[str]:
    return [str(PERMISSIONS[scope]) for scope in SCOPES if scope in key.scopes]


KEYS: Listing[ApiKey] = Listing(
    "keys",
    gettext_lazy("API keys"),
    (
        Column("name", gettext_lazy("Name"), lambda key: key.name, order="name"),
        Column("prefix", gettext_lazy("Begins with"), lambda key: f"qy_{key.prefix}", order="prefix"),
        Column("scopes", gettext_lazy("May"), lambda key: "; ".join(_scope_words(key))),
        Column("unit", gettext_lazy("Unit"), lambda key: key.unit.name, order="unit__path"),
        Column("owner", gettext_lazy("Answers for it"), lambda key: key.owner.name, order="owner__name"),
        Column("made", gettext_lazy("Made"), lambda key: key.created_at, order="created_at", shown=False),
        Column("used", gettext_lazy("Last used"), lambda key: key.last_used_at, order="last_used_at"),
        Column("ends", gettext_lazy("Ends"), lambda key: key.expires_at, order="expires_at"),
        Column("state", gettext_lazy("State"), lambda key: _STATES[state_of(key)]),
    ),
    default="-made",
)


class KeyForm(forms.Form):
    """A new key: its name, where and what it may, and how long it lives."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=ApiKey.NAME_LENGTH)
    scopes = forms.MultipleChoiceField(label=gettext_lazy("What it may do"))
    days = forms.TypedChoiceField(label=gettext_lazy("How long it lives"), coerce=int, initial=90)

    def __init__(self, *args: Any, units: QuerySet[Unit], scopes: Iterable[Permission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = unit_field(gettext_lazy("Unit"), units)
        self.fields["scopes"].choices = [(scope.value, PERMISSIONS[scope]) for scope in scopes]  # type: ignore[attr-defined]
        lives = [(days, _("%(days)d days") % {"days": days}) for days in _LIVES]
        self.fields["days"].choices = [*lives, (0, _("Until it is revoked"))]  # type: ignore[attr-defined]


def _keeper(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    refusal = _("Your roles do not include API keys. Ask a director.")
    check_may_anywhere(staff, Permission.EDIT_KEYS, refusal=refusal)
    return staff


def _found(request: HttpRequest, staff: Staff) -> QuerySet[ApiKey]:
    found, words, now = keys_for(staff), request.GET.get("q", "").strip(), timezone.now()
    if words:
        found = found.filter(Q(name__icontains=words) | Q(prefix__icontains=words) | Q(owner__name__icontains=words))
    ended = Q(expires_at__lte=now)
    states = {
        "open": Q(revoked_at=None, owner__is_active=True) & (Q(expires_at=None) | Q(expires_at__gt=now)),
        "expired": Q(revoked_at=None, owner__is_active=True) & ended,
        "revoked": Q(revoked_at__isnull=False),
        "closed": Q(revoked_at=None, owner__is_active=False),
    }
    wanted = states.get(request.GET.get("state", ""))
    return KEYS.sort(found.filter(wanted) if wanted is not None else found, request.GET)


@require_GET
@login_required
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the units where this person looks after keys."""
    staff = _keeper(request)
    page = Paginator(_found(request, staff), _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            {"key": key, "dialog": f"revoke-{key.pk}", "scopes": _scope_words(key), "state": state_of(key)}
            for key in page
        ],
        "states": _STATES,
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "state")),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "zone": zone_of(staff),
        **KEYS.table(request.GET),
    }
    return render(request, "console/organisation/keys.html", context)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file; no text of a key is in it, for none is kept."""
    staff = _keeper(request)
    check_may_export(staff)
    found = _found(request, staff)
    return KEYS.export(request, found, count=found.count(), zone=zone_of(staff), by=staff)


@require_http_methods(["GET", "POST"])
@login_required
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key; the answer shows its text, this once."""
    staff = _keeper(request)
    check_fresh(request)
    held = permissions_anywhere(staff)
    offered = [scope for scope in SCOPES if scope in held]
    form = KeyForm(request.POST or None, units=units_for(staff, Permission.EDIT_KEYS), scopes=offered)
    made: list[tuple[ApiKey, str]] = []
    if form.is_valid() and went_well(form, lambda: made.append(_make(form, staff))):
        key, text = made[0]
        context = {"key": key, "text": text, "scopes": _scope_words(key), "zone": zone_of(staff)}
        response = render(request, "console/organisation/key_made.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
    return render(request, "console/organisation/key_new.html", {"form": form}, status=400 if form.errors else 200)


def _make(form: KeyForm, staff: Staff) -> tuple[ApiKey, str]:
    wanted = form.cleaned_data
    days = wanted["days"] or None
    return create_key(wanted["name"], scopes=wanted["scopes"], unit=wanted["unit"], by=staff, days=days)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a key open nothing from now on."""
    staff = _keeper(request)
    key = get_key_for(staff, pk)
    return act_and_return(
        request,
        lambda: revoke_key(key, by=staff),
        done=_("The key “%(name)s” opens nothing any more.") % {"name": key.name},
        back=reverse("keys"),
    )
