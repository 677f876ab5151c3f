"""The groups of an account: tying them, comparing them with the platform, reading their history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.platforms.views import connector_of_page, page_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.models import Group
from qunying.ground.groups.queries import communities_for, get_community_for, groups_through
from qunying.ground.groups.services_accounts import adopt_group, tie_group, untie_group
from qunying.ground.platforms.names import platform_behind, platform_label
from qunying.ground.platforms.port import connector_of
from qunying.ground.platforms.queries import get_account_for
from qunying.ground.syncs.history import read_history
from qunying.ground.syncs.queries import get_sync_for
from qunying.ground.syncs.rounds import begin_round
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account

_PAGE = 100


def _communities(staff: Staff, account: Account) -> QuerySet[Community]:
    """The communities below the account's unit in which this person may change groups."""
    inside = communities_for(staff, Permission.EDIT_COMMUNITIES)
    return inside.filter(unit__path__startswith=account.unit.path).order_by("name")


@require_http_methods(["GET", "POST"])
@login_required
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """The groups the platform has for this account, each with where it may be tied to."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    if request.method == "POST":
        done = _("The group is tied. What happens there is recorded from now on.")
        back = reverse("platform_groups", args=[pk])
        return act_and_return(request, lambda: _tie(request, staff, account), done=done, back=back)
    offered, trouble = _offered(account)
    tied = {group.external_id: group for group in groups_through(account)}
    communities = list(_communities(staff, account))
    free = Group.objects.filter(community__in=communities, platform=platform_behind(account.platform), account=None)
    context = {
        "account": account,
        "platform": platform_label(account.platform),
        "trouble": trouble,
        "rows": [{"id": name, "label": label, "group": tied.get(name)} for name, label in offered],
        "communities": communities,
        "free": list(free.select_related("community").order_by("community__name", "name")),
    }
    return render(request, "console/platforms/groups.html", context)


def _offered(account: Account) -> tuple[list[tuple[str, str]], str]:
    """The groups of the account, and why they could not be asked for."""
    connector = connector_of(account.platform)
    try:
        return (list(connector.list_groups(account)) if connector else []), ""
    except QunyingError as error:
        return [], str(error)


def _tie(request: HttpRequest, staff: Staff, account: Account) -> Group:
    """Tie to the group chosen (`group-7`), or to a new one in a community (`community-flowers`)."""
    external_id, name = request.POST.get("external_id", ""), request.POST.get("name", "")
    kind, _dash, which = request.POST.get("to", "").partition("-")
    if kind == "community":
        community = get_community_for(staff, which, Permission.EDIT_COMMUNITIES)
        return adopt_group(account, community=community, name=name, external_id=external_id, by=staff)
    communities = _communities(staff, account)
    group = (
        Group.objects.select_related("community__unit").filter(pk=to_id(which) or 0, community__in=communities).first()
    )
    if group is None:
        raise QunyingError(_("Choose the group or the community that it belongs to."))
    return tie_group(group, account=account, external_id=external_id, by=staff)


def _group(account: Account, pk: int) -> Group:
    found = groups_through(account).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such group of this account."))
    return found


@require_POST
@login_required
def untie(request: HttpRequest, pk: int, group: int) -> HttpResponse:
    """Have everything for the group go by hand again."""
    staff = connector_of_page(request)
    found = _group(get_account_for(staff, pk), group)
    done = _("“%(group)s” is untied. What is known of it stays.") % {"group": found.name}
    return act_and_return(request, lambda: untie_group(found, by=staff), done=done, back=page_of(pk))


@require_POST
@login_required
def history(request: HttpRequest, pk: int, group: int) -> HttpResponse:
    """Read what was said before the group was tied."""
    staff = connector_of_page(request)
    found = _group(get_account_for(staff, pk), group)
    done = _("The history of “%(group)s” is being read. It goes on by itself.") % {"group": found.name}
    return act_and_return(request, lambda: read_history(found, by=staff), done=done, back=page_of(pk))


@require_POST
@login_required
def compare_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare every group of the account with its platform now."""
    staff = connector_of_page(request)
    account = get_account_for(staff, pk)
    groups = list(groups_through(account).values_list("pk", flat=True))
    if not groups:
        messages.warning(request, _("No group is tied to this account yet. Tie one first."))
        return redirect("platform_account", pk)
    done = _("The groups are being compared. Look here again in a minute.")
    return act_and_return(
        request, lambda: begin_round(groups, by=staff, unit=account.unit), done=done, back=page_of(pk)
    )


@require_GET
@login_required
def sync(request: HttpRequest, pk: int) -> HttpResponse:
    """One run with whom it found; names only for those who may see members."""
    staff = connector_of_page(request)
    found = get_sync_for(staff, pk)
    may_see = may(staff, Permission.SEE_MEMBERS, found.group.community.unit)
    rows = found.differences.select_related("identity__member")
    page = Paginator(rows if may_see else rows.none(), _PAGE).get_page(request.GET.get("page"))
    context = {"sync": found, "page": page, "rows": list(page), "may_see": may_see, "zone": zone_of(staff)}
    return render(request, "console/platforms/sync.html", context)
