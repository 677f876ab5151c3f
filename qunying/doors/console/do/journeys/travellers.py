"""Who is on a journey, and the way one of them took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from qunying.do.journeys.definition import Say, Welcome
from qunying.do.journeys.models import Journey, Passage, Traveller
from qunying.do.journeys.queries import get_journey_for, get_traveller_for, path_of, travellers_of, travels_of
from qunying.do.journeys.reading import read_definition
from qunying.do.journeys.rules import may_run
from qunying.doors.console.do.journeys.words import KINDS, title_of
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_may_export, staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.segments.queries import segments_at

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.do.journeys.definition import Step
    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from qunying.ground.segments.models import Segment

_PAGE = 50
_MOST_TRAVELS = 10
State = Traveller.State
TONES = {
    State.UNDER_WAY: "level level-notice",
    State.REACHED_GOAL: "good",
    State.ENDED: "good",
    State.LEFT: "faint",
    State.STOPPED: "level level-attention",
}
_OUTCOMES: dict[str, str] = {
    Passage.Outcome.SENT: "good",
    Passage.Outcome.HELD: "level level-notice",
    Passage.Outcome.REFUSED: "level level-warning",
    Passage.Outcome.UNKNOWN: "level level-warning",
    Passage.Outcome.HAND: "level level-attention",
}

TRAVELLERS: Listing[Any] = Listing(
    "journey_travellers",
    gettext_lazy("Members"),
    (
        Column("member", gettext_lazy("Member"), lambda row: str(row.member), order="member__display_name"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), order="state"),
        Column("stands", gettext_lazy("Last step"), lambda row: row.stands),
        Column("began", pgettext_lazy("journey", "Began"), lambda row: row.began_at, order="began_at"),
        Column("over", pgettext_lazy("journey", "Over"), lambda row: row.ended_at, order="ended_at"),
        Column(
            "version", gettext_lazy("Version"), lambda row: row.version.number, order="version__number", css="number"
        ),
        Column("why", gettext_lazy("Why"), lambda row: row.why, shown=False),
    ),
    default="-began",
)
"""Rows are travellers with `stands`, the heading of the step they met last."""


def _found(request: HttpRequest, journey: Journey) -> QuerySet[Traveller]:
    found, words = travellers_of(journey), request.GET.get("q", "").strip()
    if words:
        found = found.filter(member__display_name__icontains=words)
    if request.GET.get("state") in State.values:
        found = found.filter(state=request.GET["state"])
    last = Passage.objects.filter(traveller=OuterRef("pk")).order_by("-pk").values("step_id")[:1]
    return TRAVELLERS.sort(found.annotate(last_step=Subquery(last)), request.GET)


def _standing(rows: list[Any], titles: dict[tuple[int, str], str]) -> list[Any]:
    """Travellers with `stands`: the heading of the step they met last, in their own version."""
    for row in rows:
        row.stands = titles.get((row.version_id, row.last_step or ""), "")
    return rows


def _titles(journey: Journey) -> dict[tuple[int, str], str]:
    return {
        (version.pk, step.id): title_of(step)
        for version in journey.versions.all()
        for step in read_definition(version.definition).all_steps()
    }


@require_GET
@login_required
def travellers(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who began it, with where they stand."""
    staff = staff_of(request)
    journey = get_journey_for(staff, pk, Permission.SEE_MEMBERS)
    page = Paginator(_found(request, journey), _PAGE).get_page(request.GET.get("page"))
    rows = _standing(list(page), _titles(journey))
    context = {
        "journey": journey,
        "community": journey.community,
        "zone": ZoneInfo(journey.community.timezone),
        "page": page,
        "rows": [{"one": row, "tone": TONES[State(row.state)], "stands": row.stands} for row in rows],
        "states": State.choices,
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "state")),
        "may_export": may(staff, Permission.EXPORT, journey.community.unit),
        "segments": _startable(journey, staff),
        **TRAVELLERS.table(request.GET),
    }
    return render(request, "console/journeys/travellers.html", context)


def _startable(journey: Journey, staff: Staff) -> list[Segment]:
    """The segments whose people this person may put on the journey as it stands."""
    if journey.state != Journey.State.RUNNING or not may_run(staff, journey.community):
        return []
    return list(segments_at(staff, community=journey.community, unit=None).order_by("name"))


@require_GET
@login_required
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list as a file."""
    staff = staff_of(request)
    journey = get_journey_for(staff, pk, Permission.SEE_MEMBERS)
    check_may_export(staff, journey.community.unit)
    found, titles = _found(request, journey), _titles(journey)
    rows = _standing(list(found), titles)
    return TRAVELLERS.export(request, rows, count=len(rows), zone=zone_of(staff), by=staff)


@require_GET
@login_required
def traveller(request: HttpRequest, pk: int) -> HttpResponse:
    """One member's way: every step they met and what came of it."""
    staff = staff_of(request)
    found = get_traveller_for(staff, pk)
    community = found.journey.community
    context = {
        "traveller": found,
        "journey": found.journey,
        "community": community,
        "zone": ZoneInfo(community.timezone),
        "tone": TONES[State(found.state)],
        "way": way_of(found),
        "may_stop": may_run(staff, community),
        "why_length": Traveller.WHY_LENGTH,
    }
    return render(request, "console/journeys/traveller.html", context)


def travels_beside(person: Member, *, staff: Staff) -> list[tuple[Traveller, str]]:
    """The journeys of one member for their page, the latest first, each with how its state looks. Two queries."""
    return [(one, TONES[State(one.state)]) for one in travels_of(person.pk, staff)[:_MOST_TRAVELS]]


def way_of(found: Traveller) -> list[dict[str, Any]]:
    """Every step as a line: its heading, when, what came of it and why."""
    steps = {step.id: step for step in read_definition(found.version.definition).all_steps()}
    titles = {name: title_of(step) for name, step in steps.items()}
    return [_line(one, steps.get(one.step_id), titles) for one in path_of(found)]


def _line(one: Passage, step: Step | None, titles: dict[str, str]) -> dict[str, Any]:
    outcome = one.get_outcome_display() if one.outcome else one.get_state_display()
    return {
        "icon": KINDS[one.kind][1] if one.kind in KINDS else "dots",
        "title": title_of(step, titles) if step else _("A step that is no more"),
        "at": one.done_at or one.due_at,
        "done": one.state == Passage.State.DONE,
        "state": outcome,
        "tone": _OUTCOMES.get(one.outcome, ""),
        "round": one.round,
        "why": one.why,
        "words": step.words if isinstance(step, Say | Welcome) else "",
    }
