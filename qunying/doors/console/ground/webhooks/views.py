"""Webhooks: the list, making one, seeing its secret once, its deliveries, sending again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.organisation.forms import unit_field
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_fresh, check_may_anywhere, check_may_export, staff_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may, may_anywhere
from qunying.ground.events.kinds import all_kinds, kind_named
from qunying.ground.webhooks.models import Delivery, Endpoint
from qunying.ground.webhooks.queries import (
    deliveries_of,
    endpoints_for,
    get_delivery,
    get_endpoint_for,
    with_tallies,
)
from qunying.ground.webhooks.services import create_endpoint, send_again, send_test, switch_off, switch_on

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit

_PAGE = 50
_STATES = {
    "on": pgettext_lazy("webhook", "On"),
    "failing": gettext_lazy("Fails at the moment"),
    "off": pgettext_lazy("webhook", "Switched off"),
}


def state_of(endpoint: Endpoint) -> str:
    """One of `on`, `failing` where the last attempts did not arrive, and `off`."""
    if endpoint.off_at is not None:
        return "off"
    return "failing" if endpoint.failing_since else "on"


def _state_words(endpoint: Endpoint) -> str:
    return str(endpoint.get_off_why_display() if endpoint.off_at else _STATES[state_of(endpoint)])


def _fact_words(kind: str) -> str:
    return str(kind_named(kind).meaning).rstrip("。.")


def _told_fact(row: Delivery) -> str:
    return _fact_words(row.event.kind) if row.event else pgettext("webhook", "Test")


def _kind_words(endpoint: Endpoint) -> list[str]:
    """The facts it is told of, in words; none where it is told of all."""
    return [_fact_words(name) for name in endpoint.kinds]


_AT = Coalesce("ended_at", "due_at")

WEBHOOKS: Listing[Any] = Listing(
    "webhooks",
    gettext_lazy("Webhooks"),
    (
        Column("name", gettext_lazy("Name"), lambda row: row.name, order="name"),
        Column("url", gettext_lazy("Address"), lambda row: row.url, order="url"),
        Column("kinds", gettext_lazy("Which facts"), lambda row: "; ".join(_kind_words(row)) or _("All"), shown=False),
        Column("unit", gettext_lazy("Unit"), lambda row: row.unit.name, order="unit__path"),
        Column("owner", gettext_lazy("Answers for it"), lambda row: row.owner.name, order="owner__name"),
        Column("made", gettext_lazy("Made"), lambda row: row.created_at, order="created_at", shown=False),
        Column("state", gettext_lazy("State"), _state_words),
        Column("waiting", pgettext_lazy("delivery", "Waiting"), lambda row: row.waiting, order="waiting", css="number"),
        Column("failed", pgettext_lazy("delivery", "Failed"), lambda row: row.failed, order="failed", css="number"),
    ),
    default="name",
)
"""Rows are endpoints with their tallies (`with_tallies`)."""


DELIVERIES: Listing[Delivery] = Listing(
    "deliveries",
    pgettext_lazy("webhook", "What was sent"),
    (
        Column("fact", pgettext_lazy("webhook", "Fact"), _told_fact, order="event__kind"),
        Column("number", gettext_lazy("Number of the fact"), lambda row: row.event_id, shown=False),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), order="state"),
        Column("answer", pgettext_lazy("webhook", "Answer"), lambda row: row.status, order="status"),
        Column("error", gettext_lazy("The error"), lambda row: row.error, shown=False),
        Column("attempts", gettext_lazy("Attempts"), lambda row: row.attempts, order="attempts", css="number"),
        Column("at", gettext_lazy("Next or last"), lambda row: row.ended_at or row.due_at, order=_AT),
        Column("begun", gettext_lazy("Begun"), lambda row: row.begun_at, order="begun_at", shown=False),
        Column("message", gettext_lazy("Id of the message"), lambda row: row.message_id, shown=False),
    ),
    default="-begun",
)


class EndpointForm(forms.Form):
    """A new webhook: its name, where to, of which unit, which facts."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=Endpoint.NAME_LENGTH)
    url = forms.CharField(label=gettext_lazy("Address"), max_length=Endpoint.URL_LENGTH)
    kinds = forms.MultipleChoiceField(label=gettext_lazy("Which facts"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = unit_field(gettext_lazy("Unit"), units)
        self.fields["kinds"].choices = [(kind.name, _fact_words(kind.name)) for kind in all_kinds()]  # type: ignore[attr-defined]


def _keeper(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    check_may_anywhere(
        staff, Permission.EDIT_KEYS, refusal=_("Your roles do not include API keys and webhooks. Ask a director.")
    )
    return staff


def _found(request: HttpRequest, staff: Staff) -> QuerySet[Endpoint]:
    found, words = endpoints_for(staff), request.GET.get("q", "").strip()
    if words:
        found = found.filter(Q(name__icontains=words) | Q(url__icontains=words) | Q(owner__name__icontains=words))
    states = {
        "on": Q(off_at=None, failing_since=None),
        "failing": Q(off_at=None, failing_since__isnull=False),
        "off": Q(off_at__isnull=False),
    }
    wanted = states.get(request.GET.get("state", ""))
    return WEBHOOKS.sort(with_tallies(found.filter(wanted) if wanted else found), request.GET)


@require_GET
@login_required
def webhooks(request: HttpRequest) -> HttpResponse:
    """The webhooks of the units whose keys this person looks after."""
    staff = _keeper(request)
    page = Paginator(_found(request, staff), _PAGE).get_page(request.GET.get("page"))
    filtered = any(request.GET.get(name) for name in ("q", "state"))
    context = {
        "page": page,
        "rows": [{"endpoint": one, "state": state_of(one), "words": _state_words(one)} for one in page],
        "states": _STATES,
        "wanted": request.GET,
        "filtered": filtered,
        "may_export": may_anywhere(staff, Permission.EXPORT),
        **WEBHOOKS.table(request.GET),
    }
    return render(request, "console/webhooks/list.html", context)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file; no secret is in it."""
    staff = _keeper(request)
    check_may_export(staff)
    found = _found(request, staff)
    return WEBHOOKS.export(request, found, count=found.count(), zone=zone_of(staff), by=staff)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Make a webhook; the answer shows its secret, this once."""
    staff = _keeper(request)
    check_fresh(request)
    form = EndpointForm(request.POST or None, units=units_for(staff, Permission.EDIT_KEYS))
    made: list[tuple[Endpoint, str]] = []
    if form.is_valid() and went_well(form, lambda: made.append(_make(form, staff))):
        endpoint, secret = made[0]
        response = render(request, "console/webhooks/made.html", {"endpoint": endpoint, "secret": secret})
        response.headers["Cache-Control"] = "no-store"
        return response
    return render(request, "console/webhooks/new.html", {"form": form}, status=400 if form.errors else 200)


def _make(form: EndpointForm, staff: Staff) -> tuple[Endpoint, str]:
    wanted = form.cleaned_data
    return create_endpoint(wanted["name"], url=wanted["url"], kinds=wanted["kinds"], unit=wanted["unit"], by=staff)


@require_GET
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook with what was sent to it."""
    staff = _keeper(request)
    endpoint = get_endpoint_for(staff, pk)
    wanted = request.GET.get("state", "")
    page = Paginator(_sent(endpoint, request.GET), _PAGE).get_page(request.GET.get("page"))
    context = {
        "endpoint": endpoint,
        "kinds": _kind_words(endpoint),
        "page": page,
        "rows": [{"delivery": one, "fact": _told_fact(one)} for one in page],
        "states": Delivery.State.choices,
        "wanted": wanted,
        "failed": deliveries_of(endpoint, Delivery.State.FAILED).count(),
        "may_export": may(staff, Permission.EXPORT, endpoint.unit),
        "zone": zone_of(staff),
        **DELIVERIES.table(request.GET),
    }
    return render(request, "console/webhooks/one.html", context)


def _sent(endpoint: Endpoint, query: QueryDict) -> QuerySet[Delivery]:
    return DELIVERIES.sort(deliveries_of(endpoint, query.get("state", "")), query)


@require_GET
@login_required
def export_deliveries(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was sent to one webhook, as it is filtered and sorted, as a file."""
    staff = _keeper(request)
    endpoint = get_endpoint_for(staff, pk)
    check_may_export(staff, endpoint.unit)
    found = _sent(endpoint, request.GET)
    rows, count = found.iterator(chunk_size=500), found.count()
    return DELIVERIES.export(request, rows, count=count, zone=zone_of(staff), by=staff, of=f"webhook-{pk}")


@require_POST
@login_required
def off(request: HttpRequest, pk: int) -> HttpResponse:
    """Send nothing any more."""
    staff = _keeper(request)
    endpoint = get_endpoint_for(staff, pk)
    done = _("Nothing is sent to “%(name)s” any more.") % {"name": endpoint.name}
    return act_and_return(request, lambda: switch_off(endpoint, by=staff), done=done, back=_page(pk))


@require_POST
@login_required
def on(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again what is recorded from now on."""
    staff = _keeper(request)
    endpoint = get_endpoint_for(staff, pk)
    done = _("“%(name)s” is told of new facts again.") % {"name": endpoint.name}
    return act_and_return(request, lambda: switch_on(endpoint, by=staff), done=done, back=_page(pk))


@require_POST
@login_required
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message that tells nothing."""
    staff = _keeper(request)
    endpoint = get_endpoint_for(staff, pk)
    done = _("A test is on its way. Look at the list in a few seconds.")
    return act_and_return(request, lambda: send_test(endpoint, by=staff), done=done, back=_page(pk))


@require_POST
@login_required
def again(request: HttpRequest, pk: int, delivery: int = 0) -> HttpResponse:
    """Send one delivery again, or all that failed."""
    staff = _keeper(request)
    endpoint = get_endpoint_for(staff, pk)
    chosen = get_delivery(endpoint, delivery) if delivery else None
    count = 1 if chosen else deliveries_of(endpoint, Delivery.State.FAILED).count()
    words = ngettext("%(count)d delivery is sent again.", "%(count)d deliveries are sent again.", count)
    done = words % {"count": count}
    return act_and_return(request, lambda: send_again(endpoint, by=staff, delivery=chosen), done=done, back=_page(pk))


def _page(pk: int) -> str:
    return reverse("webhook", args=[pk])
