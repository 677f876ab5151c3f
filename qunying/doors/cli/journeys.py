"""`journeys`: what members of a community are accompanied by, checked and tried without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.do.journeys.checking import look_over
from qunying.do.journeys.figures import journey_figures
from qunying.do.journeys.models import Journey
from qunying.do.journeys.queries import draft_of, released_of, with_tallies
from qunying.do.journeys.reading import read_definition
from qunying.do.journeys.simulation import simulate
from qunying.doors.cli.output import Json, emit, emit_table
from qunying.ground.groups.queries import get_community
from qunying.kit.errors import NotFoundError, QunyingError

if TYPE_CHECKING:
    from qunying.do.journeys.definition import Definition
    from qunying.do.journeys.simulation import StepTrial

Place = Annotated[str, typer.Option("--community", help="Short name of the community.")]
Number = Annotated[int, typer.Argument(help="Number of the journey, as `journeys list` shows it.")]


def register(app: typer.Typer) -> None:
    """Add the commands `journeys list`, `show`, `check` and `simulate`."""
    journeys = typer.Typer(help="Journeys of a community.", no_args_is_help=True)
    journeys.command("list")(list_journeys)
    journeys.command("show")(show)
    journeys.command("check")(check)
    journeys.command("simulate")(try_out)
    app.add_typer(journeys, name="journeys")


def list_journeys(*, community: Place, as_json: Json = False) -> None:
    """The journeys of a community with how many began, are under way and reached the goal."""
    place = get_community(community)
    rows: list[Any] = list(with_tallies(Journey.objects.filter(community=place, archived_at=None)).order_by("pk"))
    told = [_brief(row) | {"began": row.began, "under_way": row.under_way, "reached": row.reached} for row in rows]
    lines = [] if rows else [_("There is no journey here yet")]
    emit({"community": place.slug, "journeys": told}, as_json=as_json, lines=lines)
    if rows and not as_json:
        heads = ["ID", _("Name"), _("State"), pgettext("journey", "Began"), _("Under way"), _("Reached the goal")]
        cells = ([row.pk, row.name, row.get_state_display(), row.began, row.under_way, row.reached] for row in rows)
        emit_table(heads, cells)


def show(journey: Number, *, community: Place, as_json: Json = False) -> None:
    """One journey: what it says, step by step, and what became of those who began."""
    found = _found(journey, community)
    definition, sums = _definition(found), journey_figures(found)
    payload = _brief(found) | {
        "definition": definition.plain(),
        "began": sums.began,
        "under_way": sums.under_way,
        "reached": sums.reached.part,
        "ended": sums.ended.part,
        "left": sums.left.part,
        "stopped": sums.stopped.part,
    }
    lines = [f"{found.name} · {found.get_state_display()}", *(f"- {line}" for line in _steps(definition))]
    emit(payload, as_json=as_json, lines=lines)


def check(journey: Number, *, community: Place, as_json: Json = False) -> None:
    """Say what keeps the draft (or what is in force) from running; exit code 1 where something does."""
    found = _found(journey, community)
    problems = look_over(_definition(found), community=found.community)
    stops = sum(one.stops for one in problems)
    told = [{"step": one.step, "stops": one.stops, "words": one.words} for one in problems]
    lines = [f"{one.step or '-'}: {one.words}" for one in problems] or [_("Nothing is in the way.")]
    emit(_brief(found) | {"problems": told, "stops": stops}, as_json=as_json, lines=lines)
    if stops:
        raise typer.Exit(1)


def try_out(journey: Number, *, community: Place, as_json: Json = False) -> None:
    """Walk the draft (or what is in force) with last month's members: what would have gone out. Sends nothing."""
    found = _found(journey, community)
    trial = simulate(_definition(found), community=found.community, now=timezone.now())
    steps = {name: _step(one) for name, one in trial.steps.items()}
    payload = {"since": trial.since, "until": trial.until, "began": trial.began, "states": dict(trial.states)}
    begun = ngettext("%(count)d member would have begun.", "%(count)d members would have begun.", trial.began)
    told = _brief(found) | payload | {"steps": steps, "remarks": trial.remarks}
    emit(told, as_json=as_json, lines=[begun % {"count": trial.began}, *trial.remarks])
    if steps and not as_json:
        heads = [_("Step"), _("Arrived"), _("By itself"), _("By hand"), pgettext("passage", "Held back")]
        emit_table(
            heads,
            ([name, one["arrived"], one["by_itself"], one["by_hand"], one["held"]] for name, one in steps.items()),
        )


def _found(pk: int, slug: str) -> Journey:
    rows = Journey.objects.select_related("community__unit").filter(community=get_community(slug), pk=pk)
    found = rows.first()
    if found is None:
        raise NotFoundError(_("This community has no journey %(number)d.") % {"number": pk})
    return found


def _definition(journey: Journey) -> Definition:
    version = draft_of(journey) or released_of(journey) or journey.versions.first()
    if version is None:
        raise QunyingError(_("“%(name)s” was ended before anything of it was released.") % {"name": journey.name})
    return read_definition(version.definition)


def _brief(journey: Journey) -> dict[str, Any]:
    return {"id": journey.pk, "name": journey.name, "state": journey.state, "made_at": journey.made_at}


def _steps(definition: Definition) -> list[str]:
    """Each step with its words, where it says something."""
    return [
        f"{step.id} ({step.do})" + (f": {words}" if (words := getattr(step, "words", "")) else "")
        for step in definition.all_steps()
    ]


def _step(one: StepTrial) -> dict[str, Any]:
    """A step of the trial as plain data; `why` counts what was held back by reason."""
    return {
        "arrived": one.arrived,
        "by_itself": one.by_itself,
        "by_hand": one.by_hand,
        "refused": one.refused,
        "held": one.held_back,
        "why": dict(one.held),
    }
