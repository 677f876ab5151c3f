"""Accounts: the list, connecting, one with its health and groups, pausing, removing; what platforms allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.do.reach.buckets import whats_left
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.platforms.forms import AccountForm
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_fresh, check_may_anywhere, staff_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms import landscape
from qunying.ground.platforms.handouts import handout_of
from qunying.ground.platforms.names import is_service, platform_label
from qunying.ground.platforms.notices import accept_notice, may_accept, notice_of
from qunying.ground.platforms.port import ACTION_WORDS, WAY_WORDS, Action, Way, connector_of, connectors
from qunying.ground.platforms.queries import accounts_for, get_account_for
from qunying.ground.platforms.services import (
    change_account,
    connect_account,
    delete_account,
    hand_out,
    pause_account,
    resume_account,
)
from qunying.ground.platforms.services_health import health_of, look_at, told_of
from qunying.ground.syncs.history import has_history
from qunying.ground.syncs.queries import syncs_of
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Capability, Connector

_PAGE = 50
_RUNS = 10
HEALTH = {
    "well": pgettext_lazy("account", "Works"),
    "ill": pgettext_lazy("account", "Does not work"),
    "unknown": pgettext_lazy("account", "Not looked at yet"),
    "paused": pgettext_lazy("account", "Paused"),
}
ICONS = {
    Way.OFFICIAL: "circle-check",
    Way.CONFIRM: "user-check",
    Way.HAND: "clipboard-list",
    Way.IMPORT: "file-import",
    Way.IMPOSSIBLE: "circle-x",
}

ACCOUNTS: Listing[Any] = Listing(
    "platforms",
    gettext_lazy("Platforms"),
    (
        Column("name", gettext_lazy("Name"), lambda row: row.name, order="name"),
        Column("platform", gettext_lazy("Platform"), lambda row: platform_label(row.platform), order="platform"),
        Column("unit", gettext_lazy("Unit"), lambda row: row.unit.name, order="unit__path"),
        Column("state", gettext_lazy("State"), lambda row: str(HEALTH[health_of(row)])),
        Column("looked", gettext_lazy("Looked at"), lambda row: row.checked_at, order="checked_at"),
    ),
    default="name",
)


def connector_of_page(request: HttpRequest) -> Staff:
    """The person at the screen, who connects accounts somewhere; raises NotAllowedError for others."""
    staff = staff_of(request)
    check_may_anywhere(
        staff, Permission.CONNECT, refusal=_("Your roles do not include connecting accounts. Ask a lead.")
    )
    return staff


def _found(request: HttpRequest, staff: Staff) -> QuerySet[Account]:
    found, typed = accounts_for(staff), request.GET.get("q", "").strip()
    if typed:
        found = found.filter(Q(name__icontains=typed) | Q(unit__name__icontains=typed))
    platform = request.GET.get("platform", "")
    return ACCOUNTS.sort(found.filter(platform=platform) if platform else found, request.GET)


@require_GET
@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of the units in which this person connects them."""
    staff = connector_of_page(request)
    page = Paginator(_found(request, staff), _PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "account": one,
            "platform": platform_label(one.platform),
            "health": health_of(one),
            "words": HEALTH[health_of(one)],
        }
        for one in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "platform")),
        "platforms": [(name, platform_label(name)) for name in connectors()],
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "zone": zone_of(staff),
        **ACCOUNTS.table(request.GET),
    }
    return render(request, "console/platforms/list.html", context)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file; neither settings nor secrets are in it."""
    staff = connector_of_page(request)
    check_may_anywhere(
        staff, Permission.EXPORT, refusal=_("Your role may not take lists out. Ask the lead of the unit.")
    )
    found = _found(request, staff)
    return ACCOUNTS.export(request, found, count=found.count(), zone=zone_of(staff), by=staff)


def _connector(platform: str) -> Connector:
    found = connector_of(platform)
    if found is None:
        raise NotFoundError(_("Nothing here connects to that platform."))
    return found


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, platform: str) -> HttpResponse:
    """Connect an account."""
    staff = connector_of_page(request)
    form = AccountForm(request.POST or None, connector=_connector(platform), units=units_for(staff, Permission.CONNECT))
    made: list[Account] = []

    def connect() -> None:
        wanted = form.cleaned_data
        made.append(connect_account(platform, name=wanted["name"], given=form.given, unit=wanted["unit"], by=staff))

    if form.is_valid() and went_well(form, connect):
        messages.success(request, _("“%(name)s” is kept. Go on with the steps below.") % {"name": made[0].name})
        return redirect("platform_account", made[0].pk)
    context = {"form": form, "platform": platform_label(platform)}
    return render(request, "console/platforms/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account; a secret that stays empty stays."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    form = AccountForm(request.POST or None, connector=_connector(account.platform), units=None, account=account)

    def change() -> None:
        change_account(account, name=form.cleaned_data["name"], given=form.given, by=staff)

    if form.is_valid() and went_well(form, change):
        messages.success(request, _("The settings are kept. Check the account again."))
        return redirect("platform_account", pk)
    context = {"form": form, "account": account, "platform": platform_label(account.platform)}
    return render(request, "console/platforms/form.html", context, status=400 if form.errors else 200)


@require_GET
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its steps as they were seen last, its groups, the latest runs."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    connector = connector_of(account.platform)
    groups = list(groups_through(account))
    context = {
        "account": account,
        "platform": platform_label(account.platform),
        "health": health_of(account),
        "words": HEALTH[health_of(account)],
        "steps": told_of(account),
        "settings": [(one.label, account.settings.get(one.name)) for one in _plain(connector)],
        "handout": handout_of(account.platform),
        "groups": groups,
        "has_groups": not is_service(account.platform),
        "history": has_history(account.platform),
        "notice": (notice := notice_of(account.platform)),
        "accepted": notice.accepted(account) if notice else None,
        "may_accept": may_accept(staff),
        "runs": syncs_of(account)[:_RUNS],
        "limits": _limits(account, groups),
        "zone": zone_of(staff),
    }
    return render(request, "console/platforms/one.html", context)


def _limits(account: Account, groups: list[Group]) -> list[dict[str, object]]:
    """What the platform allows, as data: for what, how much, what is left of it now, and when it is full again."""
    return [
        {
            "actions": [ACTION_WORDS[action] for action in Action if action in one.limit.actions],
            "amount": one.limit.amount,
            "seconds": int(one.limit.per.total_seconds()),
            "each_group": one.limit.each_group,
            "group": one.group,
            "left": one.left,
            "full_at": one.full_at,
        }
        for one in whats_left(account, groups, timezone.now())
    ]


def _plain(connector: Connector | None) -> list[Any]:
    return [one for one in connector.settings if not one.secret] if connector else []


@require_POST
@login_required
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Try every step for real; takes a few seconds."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    seen = look_at(account)
    if seen and all(one.holds for one in seen):
        messages.success(request, _("Everything works."))
    else:
        messages.warning(request, _("Something does not work yet. The steps say what to do."))
    return redirect("platform_account", pk)


@require_POST
@login_required
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nothing leave."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    done = _("Nothing leaves through “%(name)s” any more. What comes in is still recorded.") % {"name": account.name}
    return act_and_return(request, lambda: pause_account(account, by=staff), done=done, back=page_of(pk))


@require_POST
@login_required
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let things leave again."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    done = _("“%(name)s” is used again.") % {"name": account.name}
    return act_and_return(request, lambda: resume_account(account, by=staff), done=done, back=page_of(pk))


@require_POST
@login_required
def handout(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for the platform's operator, with fresh secrets: this once, after the password."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    check_fresh(request)
    handed = hand_out(account, by=staff)
    response = HttpResponse(handed.text, content_type=f"{handed.media_type}; charset=utf-8")
    disposition = content_disposition_header(as_attachment=True, filename=handed.name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the notice without which the account is not used."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    if request.POST.get("read") != "yes":
        messages.error(request, _("Read the notice and tick that you did."))
        return redirect("platform_account", pk)
    done = _("The notice is accepted. The account can be used now.")
    return act_and_return(request, lambda: accept_notice(account, by=staff), done=done, back=page_of(pk))


@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove it, once its name was typed."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    typed = request.POST.get("typed", "")
    return act_and_return(
        request,
        lambda: delete_account(account, typed=typed, by=staff),
        done=_("“%(name)s” is removed. Its groups go by hand now.") % {"name": account.name},
        back=reverse("platforms"),
        refused=page_of(pk),
    )


@require_GET
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """What platforms allow: one action at every platform, or every action at one."""
    staff_of(request)
    topic = request.GET.get("action", "")
    topic = topic if topic in landscape.TOPICS else "send"
    place = landscape.place_called(request.GET.get("place", ""))
    rows: Sequence[dict[str, object]] = (
        [_row(landscape.TOPICS[name], found) for name, found in landscape.at(place)]
        if place
        else [_row(each.label, found, each) for each, found in landscape.along(topic)]
    )
    context = {
        "topics": landscape.TOPICS,
        "topic": topic,
        "places": landscape.places(),
        "place": place,
        "connected": place is not None and landscape.is_connected(place),
        "rows": rows,
        "ways": [(ICONS[way], words) for way, words in WAY_WORDS.items()],
    }
    return render(request, "console/platforms/compare.html", context)


def _row(label: object, found: Capability, place: landscape.Place | None = None) -> dict[str, object]:
    return {
        "label": label,
        "place": place.name if place else "",
        "connected": place is not None and landscape.is_connected(place),
        "icon": ICONS[found.way],
        "way": WAY_WORDS[found.way],
        "code": str(found.way),
        "reason": found.reason,
    }


def page_of(pk: int) -> str:
    """The page of an account."""
    return reverse("platform_account", args=[pk])
