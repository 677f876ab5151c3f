"""Followers of the log: how far behind, what they could not digest, and having them read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.system.names import follower_words
from qunying.doors.console.ground.system.parked import PARKED, find_parked, keeper_of_system
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_everywhere
from qunying.ground.events.followers import follower_named, followers
from qunying.ground.events.loop import LEASE
from qunying.ground.events.models import FollowerCursor, Lease
from qunying.ground.events.queries import parked_counts
from qunying.ground.events.services_followers import replay_follower
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.events.followers import Lag

_PAGE = 20


@dataclass(frozen=True, slots=True)
class FollowerRow:
    """One follower: how far behind, how many facts it could not digest, and where it stands."""

    name: str
    lag: Lag
    parked: int
    cursor: FollowerCursor | None

    @property
    def words(self) -> str:
        """What it is called."""
        return follower_words(self.name)


FOLLOWERS: Listing[FollowerRow] = Listing(
    "followers",
    gettext_lazy("Followers"),
    (
        Column("name", gettext_lazy("Follower"), lambda row: row.words, order=True),
        Column("behind", gettext_lazy("Facts behind"), lambda row: row.lag.waiting, order=True, css="number"),
        Column("oldest", gettext_lazy("The oldest waits since"), lambda row: _seconds(row.lag), order=True),
        Column("parked", gettext_lazy("Set aside"), lambda row: row.parked, order=True, css="number"),
        Column("moved", gettext_lazy("Last moved"), lambda row: row.cursor and row.cursor.moved_at, order=True),
    ),
    default="name",
    parameter="by",
)


def _seconds(lag: Lag) -> int | None:
    return None if lag.oldest is None else round(lag.oldest.total_seconds())


@require_GET
@login_required
def follower_list(request: HttpRequest) -> HttpResponse:
    """Every follower with its lag, and what is parked."""
    staff = keeper_of_system(request)
    page = Paginator(find_parked(staff, request.GET), _PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": FOLLOWERS.sort_rows(_rows(), request.GET),
        "page": page,
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "follower")),
        "followers": FOLLOWERS.table(request.GET),
        **PARKED.table(request.GET),
        "may_replay": may_everywhere(staff, Permission.RUN_SYSTEM),
        "running": Lease.objects.filter(name=LEASE, until__gte=timezone.now()).first(),
        "zone": zone_of(staff),
    }
    return render(request, "console/system/followers.html", context)


def _rows() -> list[FollowerRow]:
    cursors = FollowerCursor.objects.in_bulk()
    parked = parked_counts()
    return [
        FollowerRow(follower.name, follower.lag(), parked.get(follower.name, 0), cursors.get(follower.name))
        for follower in followers()
    ]


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The followers as they are sorted, as a file; waiting is told in seconds."""
    staff = keeper_of_system(request)
    rows = FOLLOWERS.sort_rows(_rows(), request.GET)
    return FOLLOWERS.export(request, rows, count=len(rows), zone=zone_of(staff), by=staff)


@require_POST
@login_required
def replay(request: HttpRequest, name: str) -> HttpResponse:
    """Send a follower back to a fact (0: the beginning); it reads everything from there again."""
    staff = keeper_of_system(request)
    if not may_everywhere(staff, Permission.RUN_SYSTEM):
        raise NotAllowedError(
            _("A follower reads the facts of every unit. Only a director of the whole may send it back.")
        )
    follower_named(name)
    typed = request.POST.get("from_id", "").strip() or "0"
    start = to_id(typed)
    if start is None:
        raise QunyingError(_("“%(typed)s” is not the number of a fact. Write 0 for the beginning.") % {"typed": typed})

    done = _("“%(name)s” reads again from there on.") % {"name": follower_words(name)}
    return act_and_return(request, lambda: replay_follower(name, from_id=start, by=staff), done=done, back="followers")
