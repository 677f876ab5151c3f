"""Followers of the log: how far behind, what they could not digest, and having them read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_everywhere
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.followers import follower_named, followers, retry_parked
from qunying.ground.events.loop import LEASE
from qunying.ground.events.models import FollowerCursor, Lease, ParkedEvent
from qunying.ground.groups.queries import communities_for
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff

REPLAY = declare_verb("followers.replay", gettext_lazy("A follower was sent back in the log."))
RETRY = declare_verb("followers.retry", gettext_lazy("A fact that was set aside was handed to its follower again."))
_PAGE = 20


def _keeper(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    if not may_anywhere(staff, Permission.RUN_SYSTEM):
        raise NotAllowedError(_("Your roles do not include looking after the system. Ask a director."))
    return staff


def _parked(staff: Staff) -> QuerySet[ParkedEvent]:
    """Facts set aside in communities this person looks after."""
    communities = communities_for(staff, Permission.RUN_SYSTEM)
    parked = ParkedEvent.objects.filter(event__community__in=communities)
    return parked.select_related("event__community").order_by("-id")


@require_GET
@login_required
def follower_list(request: HttpRequest) -> HttpResponse:
    """Every follower with its lag, and what is parked."""
    staff = _keeper(request)
    page = Paginator(_parked(staff), _PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": _rows(),
        "page": page,
        "may_replay": may_everywhere(staff, Permission.RUN_SYSTEM),
        "running": Lease.objects.filter(name=LEASE, until__gte=timezone.now()).first(),
        "zone": zone_of(staff),
    }
    return render(request, "console/system/followers.html", context)


def _rows() -> list[dict[str, object]]:
    cursors = FollowerCursor.objects.in_bulk()
    parked = dict(ParkedEvent.objects.order_by().values_list("follower").annotate(Count("pk")))
    return [
        {
            "name": follower.name,
            "lag": follower.lag(),
            "parked": parked.get(follower.name, 0),
            "cursor": cursors.get(follower.name),
        }
        for follower in followers()
    ]


@require_POST
@login_required
def replay(request: HttpRequest, name: str) -> HttpResponse:
    """Send a follower back to a fact (0: the beginning); it reads everything from there again."""
    staff = _keeper(request)
    if not may_everywhere(staff, Permission.RUN_SYSTEM):
        raise NotAllowedError(
            _("A follower reads the facts of every unit. Only a director of the whole may send it back.")
        )
    follower = follower_named(name)
    typed = request.POST.get("from_id", "").strip() or "0"
    if not typed.isdigit():
        raise QunyingError(_("“%(typed)s” is not the number of a fact. Write 0 for the beginning.") % {"typed": typed})

    @transaction.atomic
    def go_back() -> None:
        follower.replay(from_id=int(typed))
        write_act(REPLAY, by=staff, subject_type="follower", subject_id=name, details={"from": int(typed)})

    done = _("“%(name)s” reads again from there on.") % {"name": name}
    return act_and_return(request, go_back, done=done, back="followers")


@require_POST
@login_required
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a parked fact to its follower once more."""
    staff = _keeper(request)
    parked = _parked(staff).filter(pk=pk).first()
    if parked is None:
        raise NotFoundError(_("This fact is not set aside any more, or is not yours to see."))
    with transaction.atomic():
        went_through = retry_parked(parked)
        details = {"event": parked.event_id, "ok": went_through}
        write_act(RETRY, by=staff, subject_type="follower", subject_id=parked.follower, details=details)
    if went_through:
        messages.success(request, _("The fact went through."))
    else:
        sentence = _("“%(name)s” failed on it again; the newest error is below.")
        messages.error(request, sentence % {"name": parked.follower})
    return redirect("followers")
