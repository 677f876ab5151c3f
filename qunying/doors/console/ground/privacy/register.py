"""The register of what people asked about their data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from qunying.doors.console.ground.privacy.words import KINDS, LATE, STATES
from qunying.doors.console.lists import Column, Listing, in_chunks
from qunying.doors.console.people import check_may_anywhere, staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.subjects.models import SubjectRequest
from qunying.ground.subjects.queries import overdue, requests_for

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff

PAGE = 50

REQUESTS: Listing[SubjectRequest] = Listing(
    "subject_request",
    gettext_lazy("Data requests"),
    (
        Column("member", gettext_lazy("Member"), lambda row: str(row.member), order="member__display_name"),
        Column("number", gettext_lazy("Number"), lambda row: row.pk, shown=False),
        Column("kind", gettext_lazy("They ask for"), lambda row: KINDS[row.kind], order="kind"),
        Column("state", gettext_lazy("State"), lambda row: STATES[row.state][0], order="state"),
        Column("received", gettext_lazy("Came on"), lambda row: row.received.isoformat(), order="received"),
        Column("due", gettext_lazy("Answer by"), lambda row: row.due.isoformat(), order="due"),
        Column(
            "closed",
            pgettext_lazy("of a request", "Closed"),
            lambda row: row.closed_at,
            order="closed_at",
        ),
    ),
    default="due",
)


def _officer(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    check_may_anywhere(
        staff,
        Permission.PRIVACY,
        refusal=_("Your roles do not include answering requests about data. Ask the privacy officer."),
    )
    return staff


def _found(staff: Staff, query: QueryDict) -> QuerySet[SubjectRequest]:
    """Those in the state and of the kind that are asked for; the open ones where nothing is asked."""
    found = requests_for(staff)
    state, kind = query.get("state", SubjectRequest.State.OPEN), query.get("kind", "")
    if state == "late":
        found = overdue(found, timezone.localdate())
    elif state in STATES:
        found = found.filter(state=state)
    if kind in KINDS:
        found = found.filter(kind=kind)
    return REQUESTS.sort(found, query)


@require_GET
@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """The requests, those whose answer is due first on top."""
    staff = _officer(request)
    page = Paginator(_found(staff, request.GET), PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    states = [(name, word) for name, (word, _picture, _level) in STATES.items()]
    context = {
        "page": page,
        "rows": [{"request": row, "kind": KINDS[row.kind], **state_of(row)} for row in page],
        "states": [*states, ("late", LATE[0]), ("all", _("All"))],
        "state": request.GET.get("state", SubjectRequest.State.OPEN),
        "kinds": KINDS.items(),
        "wanted": request.GET,
        "filtered": bool(request.GET.get("kind")) or request.GET.get("state") in {"done", "refused", "late"},
        "today": today,
        "zone": zone_of(staff),
        **REQUESTS.table(request.GET),
    }
    return render(request, "console/privacy/list.html", context)


def state_of(row: SubjectRequest) -> dict[str, object]:
    """The word, the picture and the level of a request's state; open ones past their day are late."""
    late = row.state == SubjectRequest.State.OPEN and row.due < timezone.localdate()
    word, picture, level = LATE if late else STATES[row.state]
    return {"word": word, "picture": picture, "level": level}


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The requests as they are filtered and sorted, as a file."""
    staff = _officer(request)
    found = _found(staff, request.GET)
    return REQUESTS.export(request, in_chunks(found, list), count=found.count(), zone=zone_of(staff), by=staff)
