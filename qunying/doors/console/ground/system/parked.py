"""Facts that followers could not digest: found, taken out as a list, handed over again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import back_to, ids_in
from qunying.doors.console.ground.system.names import fact_words, follower_words
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.events.queries import get_parked_for, parked_for
from qunying.ground.events.services_followers import retry_fact
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.events.models import ParkedEvent

PARKED: Listing[ParkedEvent] = Listing(
    "parked",
    gettext_lazy("Facts set aside"),
    (
        Column("follower", gettext_lazy("Follower"), lambda row: follower_words(row.follower), order="follower"),
        Column("fact", gettext_lazy("Fact"), lambda row: row.event_id, order="event_id"),
        Column("kind", gettext_lazy("Kind"), lambda row: fact_words(row.event.kind), order="event__kind"),
        Column("community", gettext_lazy("Community"), lambda row: row.event.community.name),
        Column("attempts", gettext_lazy("Times tried"), lambda row: row.attempts, order="attempts"),
        Column("since", gettext_lazy("Set aside since"), lambda row: row.parked_at, order="parked_at"),
        Column("error", gettext_lazy("The error"), lambda row: row.error),
    ),
    default="-since",
)


def keeper_of_system(request: HttpRequest) -> Staff:
    """The person at the screen, who looks after the system somewhere; raises NotAllowedError for others."""
    staff = staff_of(request)
    if not may_anywhere(staff, Permission.RUN_SYSTEM):
        raise NotAllowedError(_("Your roles do not include looking after the system. Ask a director."))
    return staff


def find_parked(staff: Staff, query: QueryDict) -> QuerySet[ParkedEvent]:
    """Those of a follower, and with the words in kind, community or error, that are asked for, in order."""
    found, follower, words = parked_for(staff), query.get("follower", ""), query.get("q", "").strip()
    if follower:
        found = found.filter(follower=follower)
    if words:
        named = Q(event__kind__icontains=words) | Q(event__community__name__icontains=words)
        found = found.filter(named | Q(error__icontains=words))
    return PARKED.sort(found, query)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The facts set aside, as they are filtered and sorted, as a file with the whole errors."""
    staff = keeper_of_system(request)
    found = find_parked(staff, request.GET)
    return PARKED.export(request, found.iterator(chunk_size=500), count=found.count(), zone=zone_of(staff), by=staff)


@require_POST
@login_required
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a parked fact to its follower once more."""
    staff = keeper_of_system(request)
    parked = get_parked_for(staff, pk)
    name = follower_words(parked.follower)
    if retry_fact(parked, by=staff):
        messages.success(request, _("The fact went through."))
    else:
        sentence = _("“%(name)s” failed on it again; the newest error is below.")
        messages.error(request, sentence % {"name": name})
    return back_to("followers", request)


@require_POST
@login_required
def retry_many(request: HttpRequest) -> HttpResponse:
    """Hand the chosen facts to their followers once more, in the order in which they happened to be recorded."""
    staff = keeper_of_system(request)
    chosen = list(parked_for(staff).filter(pk__in=ids_in(request.POST)).order_by("event_id", "pk"))
    if not chosen:
        messages.error(request, _("No fact is chosen. Tick the boxes of those you mean."))
        return back_to("followers", request)
    through = sum(retry_fact(parked, by=staff) for parked in chosen)
    if through:
        words = ngettext("%(count)d fact went through.", "%(count)d facts went through.", through)
        messages.success(request, words % {"count": through})
    if failed := len(chosen) - through:
        words = ngettext(
            "%(count)d fact failed again; its newest error is below.",
            "%(count)d facts failed again; their newest errors are below.",
            failed,
        )
        messages.error(request, words % {"count": failed})
    return back_to("followers", request)
