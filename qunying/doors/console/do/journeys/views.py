"""The list of journeys, one of them with its flow, and making a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qunying.do.journeys.checking import look_over
from qunying.do.journeys.figures import journey_figures, step_figures
from qunying.do.journeys.models import Journey, Version
from qunying.do.journeys.queries import draft_of, get_journey_for, journeys_for, released_of, with_tallies
from qunying.do.journeys.reading import read_definition
from qunying.do.journeys.rules import may_release, may_run
from qunying.do.journeys.services import make_journey
from qunying.doors.console.do.journeys.beside import figures_beside, taken_beside
from qunying.doors.console.do.journeys.flow import Beside, flow_of
from qunying.doors.console.do.journeys.forms import EMPTY, SHIPPED, NewForm
from qunying.doors.console.do.journeys.shipped import begun_with
from qunying.doors.console.do.journeys.words import book_of
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_may, check_may_anywhere, staff_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import communities_for, get_community_for

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.do.journeys.figures import JourneyFigures
    from qunying.ground.access.models import Staff

_PAGE = 50
_MOST_CHOICES = 20

ARCHIVED = "archived"
"""Chosen among the states, it shows what was put away, which no other choice does."""

JOURNEYS: Listing[Any] = Listing(
    "journeys",
    gettext_lazy("Journeys"),
    (
        Column("name", gettext_lazy("Name"), lambda row: row.name, order="name"),
        Column("community", gettext_lazy("Community"), lambda row: row.community.name, order="community__name"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), order="state"),
        Column("began", pgettext_lazy("journey", "Began"), lambda row: row.began, order="began", css="number"),
        Column("under_way", gettext_lazy("Under way"), lambda row: row.under_way, order="under_way", css="number"),
        Column("reached", gettext_lazy("Reached the goal"), lambda row: row.reached, order="reached", css="number"),
        Column(
            "author",
            pgettext_lazy("journey", "Written by"),
            lambda row: row.author.name if row.author else "",
            order="author__name",
        ),
        Column("made", gettext_lazy("Made"), lambda row: row.made_at, order="made_at", shown=False),
    ),
    default="-made",
)
"""Rows are journeys with their tallies (`with_tallies`)."""


def _found(request: HttpRequest, staff: Staff, slug: str) -> QuerySet[Journey]:
    found, words = journeys_for(staff), request.GET.get("q", "").strip()
    if slug:
        found = found.filter(community=get_community_for(staff, slug, Permission.SEE_PLAN))
    if words:
        found = found.filter(name__icontains=words)
    wanted = request.GET.get("state")
    found = found.filter(archived_at__isnull=wanted != ARCHIVED)
    if wanted in Journey.State.values:
        found = found.filter(state=wanted)
    return JOURNEYS.sort(with_tallies(found), request.GET)


@require_GET
@login_required
def journeys(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Journeys of one community, or of all this person may see."""
    staff = staff_of(request)
    refusal = _("Your roles do not include seeing what is planned and sent. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.SEE_PLAN, refusal=refusal)
    page = Paginator(_found(request, staff, slug), _PAGE).get_page(request.GET.get("page"))
    community = get_community_for(staff, slug, Permission.SEE_PLAN) if slug else None
    context = {
        "community": community,
        "page": page,
        "rows": list(page),
        "states": [*Journey.State.choices, (ARCHIVED, pgettext("journey", "Put away"))],
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "state")),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "writing_in": community if community and may_run(staff, community) else None,
        "choices": [] if community else list(communities_for(staff, Permission.SEND).order_by("name")[:_MOST_CHOICES]),
        **JOURNEYS.table(request.GET),
    }
    return render(request, "console/journeys/list.html", context)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file."""
    staff = staff_of(request)
    refusal = _("Your role may not take lists out. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.EXPORT, refusal=refusal)
    found = _found(request, staff, "").filter(community__in=communities_for(staff, Permission.EXPORT))
    return JOURNEYS.export(request, found, count=found.count(), zone=zone_of(staff), by=staff)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Make one: empty, or the welcome that ships with the product."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    refusal = _("Your roles do not include writing journeys here. Ask the lead of the unit.")
    check_may(staff, Permission.SEND, community.unit, refusal=refusal)
    chosen = SHIPPED if request.POST.get("from", SHIPPED) == SHIPPED else EMPTY
    name, definition = begun_with(chosen)
    posted = request.POST if "name" in request.POST else {"name": name}
    form = NewForm(posted if request.method == "POST" else None, initial={"name": ""})
    made: list[Journey] = []
    if form.is_valid() and went_well(
        form,
        lambda: made.append(make_journey(community, name=form.cleaned_data["name"], definition=definition, by=staff)),
    ):
        return redirect("journey_edit", made[0].pk)
    begins = [
        (SHIPPED, _("the welcome: 3 days of greeting, 7 of the best content, 14 of guided topics")),
        (EMPTY, _("nothing: I put in every step myself")),
    ]
    context = {"form": form, "community": community, "chosen": chosen, "begins": begins}
    return render(request, "console/journeys/new.html", context, status=400 if form.errors else 200)


@require_GET
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One journey: the flow of its draft or of what is in force, what is in the way, what became of each step."""
    staff = staff_of(request)
    journey = get_journey_for(staff, pk)
    draft, released = draft_of(journey), released_of(journey)
    wants_draft = draft is not None and request.GET.get("version") != "released"
    version = draft if wants_draft else released or _last(journey)
    community = journey.community
    context: dict[str, Any] = {
        "journey": journey,
        "community": community,
        "zone": ZoneInfo(community.timezone),
        "draft": draft,
        "released": released,
        "both": draft is not None and released is not None,
        "version": version,
        "may_write": may_run(staff, community),
        "may_release": draft is not None and may_release(staff, draft),
        "own": draft is not None and draft.author_id == staff.pk,
        **_sums(journey_figures(journey)),
    }
    context["may_give_back"] = context["may_write"] or context["may_release"]
    if version is not None:
        context |= _flow(journey, version, is_draft=wants_draft)
    return render(request, "console/journeys/one.html", context)


def _last(journey: Journey) -> Version | None:
    return journey.versions.select_related("author", "released_by").first()


def _flow(journey: Journey, version: Version, *, is_draft: bool) -> dict[str, Any]:
    definition = read_definition(version.definition)
    problems = look_over(definition, community=journey.community) if is_draft else []
    found = {} if is_draft else step_figures(version)
    beside = Beside(problems, figures_beside(definition, found), taken_beside(found))
    return {
        "flow": flow_of(definition, book_of(journey.community), beside),
        "stops": sum(one.stops for one in problems),
    }


def _sums(figures: JourneyFigures) -> dict[str, Any]:
    shares = [
        (_("Reached the goal"), figures.reached),
        (_("Went to the end"), figures.ended),
        (pgettext("journey", "Left early"), figures.left),
        (pgettext("journey", "Stopped"), figures.stopped),
    ]
    return {"sums": figures, "shares": shares}
