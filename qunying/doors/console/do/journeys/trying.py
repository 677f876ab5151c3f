"""What would have gone out last month, beside each step."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from qunying.do.journeys.models import Traveller
from qunying.do.journeys.queries import draft_of, get_journey_for, released_of
from qunying.do.journeys.reading import read_definition
from qunying.do.journeys.simulation import simulate
from qunying.doors.console.do.journeys.beside import trial_beside, trial_names
from qunying.doors.console.do.journeys.flow import Beside, flow_of
from qunying.doors.console.do.journeys.words import book_of
from qunying.doors.console.people import staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.do.journeys.simulation import Trial


@require_GET
@login_required
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the draft, or without one what is in force, on last month's members."""
    staff = staff_of(request)
    journey = get_journey_for(staff, pk)
    community = journey.community
    version = draft_of(journey) or released_of(journey) or journey.versions.first()
    context: dict[str, object] = {"journey": journey, "community": community, "zone": ZoneInfo(community.timezone)}
    if version is None:
        return render(request, "console/journeys/try.html", context)
    definition = read_definition(version.definition)
    trial = simulate(definition, community=community, now=timezone.now())
    see_members = may(staff, Permission.SEE_MEMBERS, community.unit)
    beside = Beside(
        figures=trial_beside(definition, trial),
        taken={name: (one.took["then"], one.took["else"]) for name, one in trial.steps.items() if one.took},
        names=trial_names(definition, trial, ZoneInfo(community.timezone), see_members=see_members),
    )
    context |= {
        "simulated": trial,
        "since": trial.since,
        "until": trial.until,
        "remarks": trial.remarks,
        "flow": flow_of(definition, book_of(community), beside),
        "sums": _sums(trial),
        "barred": sum((one.held for one in trial.steps.values()), Counter()).most_common(),
    }
    return render(request, "console/journeys/try.html", context)


def _sums(trial: Trial) -> list[tuple[str, int]]:
    steps = trial.steps.values()
    state = Traveller.State
    return [
        (_("Would have begun"), trial.began),
        (_("By itself"), sum(one.by_itself for one in steps)),
        (_("By hand"), sum(one.by_hand for one in steps)),
        (pgettext("passage", "Held back"), sum(one.held_back for one in steps)),
        (_("Reached the goal"), trial.states[state.REACHED_GOAL]),
        (_("Went to the end"), trial.states[state.ENDED]),
        (pgettext("journey", "Left early"), trial.states[state.LEFT]),
        (_("Still under way"), trial.states[state.UNDER_WAY]),
    ]
