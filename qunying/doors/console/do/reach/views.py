"""The list of sendings, and one of them: what it would do before it is released, what came of it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from qunying.do.reach.models import Delivery, Sending
from qunying.do.reach.pictures import stored
from qunying.do.reach.port import guard_label
from qunying.do.reach.queries import deliveries_of, get_sending_for, preview_of, sendings_for, tally, with_tallies
from qunying.do.reach.quotas import rooms_of
from qunying.do.reach.returns import WITHIN, returns_of
from qunying.do.reach.rules import may_release, may_send
from qunying.do.reach.services_nudging import confirming
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_may_anywhere, staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may, may_anywhere
from qunying.ground.groups.queries import communities_for, get_community_for, platforms_of
from qunying.ground.members.models import Identity
from qunying.ground.platforms.names import platform_label

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff

_PAGE = 50
_COLLEAGUES = 30
_SOON, _LATER = 5, 60
TONES = {
    Delivery.State.SENT: "good",
    Delivery.State.REFUSED: "level level-warning",
    Delivery.State.UNKNOWN: "level level-warning",
    Delivery.State.AWAITING: "level level-attention",
    Delivery.State.HAND: "level level-attention",
    Delivery.State.HELD: "level level-notice",
    Delivery.State.CANCELLED: "faint",
}

SENDINGS: Listing[Any] = Listing(
    "sendings",
    _("Sendings"),
    (
        Column("title", pgettext_lazy("sending", "Title"), lambda row: row.title, order="title"),
        Column("community", _("Community"), lambda row: row.community.name, order="community__name"),
        Column("state", _("State"), lambda row: row.get_state_display(), order="state"),
        Column("when", pgettext_lazy("sending", "Leaves"), lambda row: row.due_at or row.released_at, order="due_at"),
        Column("author", pgettext_lazy("sending", "Written by"), lambda row: row.author.name, order="author__name"),
        Column("released", _("Released by"), lambda row: row.released_by and row.released_by.name, shown=False),
        Column("arrived", _("Arrived"), lambda row: row.arrived, order="arrived", css="number"),
        Column("all", pgettext_lazy("sending", "Of"), lambda row: row.all_of_it, shown=False),
        Column("asking", _("To decide or do"), lambda row: row.asking, order="asking", css="number"),
        Column("made", _("Made"), lambda row: row.made_at, order="made_at", shown=False),
        Column("text", pgettext_lazy("sending", "Text"), lambda row: row.words, shown=False),
    ),
    default="-made",
)
"""Rows are sendings with their tallies (`with_tallies`)."""


def _found(request: HttpRequest, staff: Staff, slug: str) -> QuerySet[Sending]:
    found, words = sendings_for(staff), request.GET.get("q", "").strip()
    if slug:
        found = found.filter(community=get_community_for(staff, slug, Permission.SEE_PLAN))
    if words:
        found = found.filter(Q(title__icontains=words) | Q(words__icontains=words))
    if request.GET.get("state") in Sending.State.values:
        found = found.filter(state=request.GET["state"])
    return SENDINGS.sort(with_tallies(found), request.GET)


@require_GET
@login_required
def sendings(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Sendings of one community, or of all this person may see."""
    staff = staff_of(request)
    check_may_anywhere(staff, Permission.SEE_PLAN, refusal=_no_sight())
    found = _found(request, staff, slug)
    community = get_community_for(staff, slug, Permission.SEE_PLAN) if slug else None
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    sending_in = communities_for(staff, Permission.SEND)
    context = {
        "community": community,
        "page": page,
        "rows": list(page),
        "states": Sending.State.choices,
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "state")),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "writing_in": community if community and may_send(staff, community) else None,
        "choices": [] if community else list(sending_in.order_by("name")[:20]),
        "zone": zone_of(staff),
        **SENDINGS.table(request.GET),
    }
    return render(request, "console/reach/list.html", context)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file."""
    staff = staff_of(request)
    check_may_anywhere(staff, Permission.EXPORT, refusal=_no_taking())
    found = _found(request, staff, "").filter(community__in=communities_for(staff, Permission.EXPORT))
    return SENDINGS.export(request, found, count=found.count(), zone=zone_of(staff), by=staff)


@require_GET
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One sending: who would get it, or what became of it."""
    staff = staff_of(request)
    sending = get_sending_for(staff, pk)
    context: dict[str, object] = {
        "sending": sending,
        "community": sending.community,
        "zone": ZoneInfo(sending.community.timezone),
        "may_send": may_send(staff, sending.community),
        "may_release": may_release(staff, sending),
        "own": sending.author_id == staff.pk,
        "pictures": stored(sending.pictures),
        "targets": [target.group for target in sending.targets.select_related("group")],
    }
    if sending.state in {Sending.State.DRAFTED, Sending.State.CHECKED}:
        return render(request, "console/reach/draft.html", context | _draft(sending, staff))
    return render(request, "console/reach/outcome.html", context | _outcome(request, sending, staff))


def _draft(sending: Sending, staff: Staff) -> dict[str, object]:
    preview = preview_of(sending)
    groups = sending.targets.values_list("group__platform", flat=True).distinct()
    names = sorted(set(groups)) or sending.platforms or platforms_of(sending.community)
    colleagues = Identity.objects.filter(
        member__is_staff=True, memberships__community=sending.community, memberships__left_at=None
    )
    rows = _previewed(preview.rows, see_members=may(staff, Permission.SEE_MEMBERS, sending.community.unit))
    return {
        "preview": preview,
        "rows": rows,
        "monthly": any(row["room"] for row in rows),
        "barred": [
            {"label": guard_label(guard), "words": words, "count": count} for guard, words, count in preview.held
        ],
        "bubbles": [platform_label(name) for name in names],
        "colleagues": list(colleagues.select_related("member").distinct().order_by("display_name")[:_COLLEAGUES]),
    }


def _previewed(rows: list[tuple[Delivery, str]], *, see_members: bool) -> list[dict[str, object]]:
    rooms = rooms_of([row for row, _words in rows], timezone.now())
    return [
        {"to": name_of(row, see_members=see_members), "delivery": row, "words": words, "room": room}
        for (row, words), room in zip(rows, rooms, strict=True)
    ]


def name_of(delivery: Delivery, *, see_members: bool = True) -> str:
    """To whom it goes, in words; the names of members only for those who may see members."""
    if delivery.group is not None:
        return delivery.group.name
    if delivery.identity is None or not see_members:
        return str(_("A member"))
    return str(delivery.identity.member)


def _outcome(request: HttpRequest, sending: Sending, staff: Staff) -> dict[str, object]:
    wanted = request.GET.get("state", "")
    found = deliveries_of(sending)
    if wanted in Delivery.State.values:
        found = found.filter(state=wanted)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    counts, shown = tally(sending), list(page)
    back = returns_of(sending, shown)
    labels = dict(Delivery.State.choices)
    see_members = may(staff, Permission.SEE_MEMBERS, sending.community.unit)
    return {
        "page": page,
        "rows": [
            {
                "to": name_of(row, see_members=see_members),
                "delivery": row,
                "tone": TONES.get(Delivery.State(row.state)),
                "back": back.get(row.pk),
            }
            for row in shown
        ],
        "counts": [
            {"value": state, "label": labels[state], "count": counts[state]} for state in labels if state in counts
        ],
        "links": list(sending.links.select_related("group")),
        "wanted": wanted,
        "refused": sending.deliveries.filter(state=Delivery.State.REFUSED, account__isnull=False).count(),
        "can_stop": sending.state == Sending.State.GOING
        and any(counts.get(state) for state in (Delivery.State.WAITING, Delivery.State.HAND, Delivery.State.AWAITING)),
        "confirming": bool(counts.get(Delivery.State.AWAITING)) and confirming(sending).exists(),
        "returned": bool(back),
        "again": _again(counts, shown),
    }


def _again(counts: dict[str, int], shown: list[Delivery]) -> int:
    """After how many seconds the outcome is worth another look: soon while it moves, later while people answer."""
    if counts.get(Delivery.State.WAITING) or counts.get(Delivery.State.CLAIMED):
        return _SOON
    since = timezone.now() - WITHIN
    answering = any(one.ended_at is not None and one.ended_at > since for one in shown)
    return _LATER if answering or counts.get(Delivery.State.HAND) else 0


@require_GET
@login_required
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of it so far: the part of the page that changes by itself."""
    staff = staff_of(request)
    sending = get_sending_for(staff, pk)
    context = {
        "sending": sending,
        "zone": ZoneInfo(sending.community.timezone),
        "may_send": may_send(staff, sending.community),
    }
    return render(request, "console/reach/outcome_rows.html", context | _outcome(request, sending, staff))


def _no_sight() -> str:
    return str(_("Your roles do not include seeing what is planned and sent. Ask the lead of the unit."))


def _no_taking() -> str:
    return str(_("Your role may not take lists out. Ask the lead of the unit."))
