"""Journeys for programs: written, handed in, released, paused, ended, and what became of their steps."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.do.journeys.figures import journey_figures, step_figures
from qunying.do.journeys.models import Journey, Version
from qunying.do.journeys.queries import draft_of, get_journey_for, journeys_for, released_of
from qunying.do.journeys.reading import read_definition
from qunying.do.journeys.rules import may_run
from qunying.do.journeys.services import (
    discard_draft,
    end_journey,
    give_back_version,
    hand_in_version,
    make_journey,
    pause_journey,
    release_version,
    resume_journey,
    write_version,
)
from qunying.do.journeys.simulation import simulate
from qunying.doors.api.do.sendings import check_may_send
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Page, Paging, Plain, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qunying.do.journeys.figures import Share

router = Router(tags=["do"])
_State = Literal["draft", "running", "paused", "ended"]
_HELLO = {"trigger": {"on": "joined"}, "steps": [{"id": "hello", "do": "welcome", "words": "欢迎{name}"}]}
_Name = Annotated[Text, Field(min_length=1, max_length=Journey.NAME_LENGTH, examples=["迎新"])]
_Definition = Annotated[
    Plain, Field(description="What sets it off, its steps, its end, in plain form.", examples=[_HELLO])
]
_Digest = Annotated[Text, Field(min_length=1, max_length=64, description="`digest` of the draft.", examples=["9f2c"])]


class JourneyTold(Told):
    """A way of steps that members go. `draft` and `released` are numbers of versions, null where there is none."""

    id: int
    community: str
    name: str = Field(examples=["迎新"])
    state: str = Field(description="draft, running, paused, ended.", examples=["running"])
    draft: int | None = Field(examples=[3])
    released: int | None = Field(examples=[2])
    author: str | None = Field(examples=["lili"])
    made_at: Moment
    ended_at: Moment | None


class JourneyGiven(Given):
    """A journey and its first draft."""

    name: _Name
    definition: _Definition


class JourneyVersionTold(Told):
    """What a journey says, or said; a released one never changes."""

    number: int = Field(examples=[2])
    state: str = Field(description="draft, released, replaced.", examples=["released"])
    definition: dict[str, Any] = Field(examples=[_HELLO])
    digest: str = Field(description="Names exactly this definition.", examples=["9f2c"])
    author: str | None = Field(examples=["lili"])
    handed_in_at: Moment | None = Field(description="Since when a draft waits for its release.")
    released_by: str | None = Field(examples=["wang"])
    released_at: Moment | None


class JourneyVersionGiven(Given):
    """The draft as it is to read; the name changes at once, the steps once it is released."""

    definition: _Definition
    name: _Name | None = None


class JourneySeen(Given):
    """What was looked at: anything else is not released."""

    digest: _Digest


class JourneyList(Paging):
    """Which journeys."""

    community: Annotated[Slug | None, Field(description="Only those of this community.")] = None
    state: Annotated[_State | None, Field(description="Only those that stand so.")] = None


class PartTold(Told):
    """So many of so many; `rate` null where there is no whole."""

    part: int = Field(examples=[40])
    whole: int = Field(examples=[50])
    rate: float | None = Field(examples=[0.8])


class StepCameTo(Told):
    """One step: who came there and what became of it. Who goes round three times comes there three times."""

    step: str = Field(description="The id of the step.", examples=["hello"])
    arrived: int = Field(examples=[50])
    waiting: PartTold = Field(description="Not over yet, of those who arrived.")
    moved_on: PartTold = Field(description="Over, of those who arrived.")
    sent: PartTold = Field(description="Sent, of what was decided.")
    held: PartTold = Field(description="Held back for good, of what was decided.")
    refused: PartTold = Field(description="Refused by a platform, of what was decided.")
    outcomes: dict[str, int] = Field(description="Passages by what came of them.", examples=[{"sent": 40}])


class JourneyFiguresTold(Told):
    """What became of a journey, on all versions or on one."""

    version: int = Field(description="The version the steps are of.", examples=[2])
    began: int = Field(description="Each time somebody began.", examples=[50])
    under_way: int = Field(examples=[10])
    reached: PartTold = Field(description="Reached the goal, of those for whom it is over.")
    ended: PartTold = Field(description="Went to the end, of those for whom it is over.")
    left: PartTold = Field(description="Left early, of those for whom it is over.")
    stopped: PartTold = Field(description="Stopped, of those for whom it is over.")
    steps: list[StepCameTo] = Field(description="Step by step, where anybody came.")


class FiguresOf(Given):
    """Of which version."""

    version: Annotated[
        Id | None, Field(description="Its number; without, people of all versions and the steps of the released one.")
    ] = None


class StepTried(Told):
    """What would have become of one step."""

    step: str = Field(description="The id of the step.", examples=["hello"])
    arrived: int = Field(examples=[50])
    by_itself: int = Field(description="Would have left through an account of ours.", examples=[30])
    by_hand: int = Field(description="Would have been sent by a person.", examples=[10])
    held: dict[str, int] = Field(description="Would have been held back, by reason.", examples=[{"consent": 4}])


class TrialTold(Told):
    """A draft walked by last month's members; nothing was sent and nothing written."""

    since: Moment
    until: Moment
    began: int = Field(examples=[50])
    states: dict[str, int] = Field(description="How it would stand with them.", examples=[{"ended": 40}])
    steps: list[StepTried] = Field(description="Step by step.")
    remarks: list[str] = Field(description="What to know of it.", examples=[[]])


class EndedTold(Told):
    """For how many members it was over with that."""

    members: int = Field(examples=[10])


def _journeys(rows: Sequence[Journey]) -> Iterable[dict[str, Any]]:
    standing: dict[tuple[int, str], int] = {}
    found = Version.objects.filter(journey__in=rows).exclude(state=Version.State.REPLACED).order_by()
    for journey, state, number in found.values_list("journey", "state", "number"):
        standing[journey, state] = number
    for one in rows:
        told = {"id": one.pk, "community": one.community.slug, "author": one.author and one.author.username}
        told |= {state: standing.get((one.pk, state)) for state in ("draft", "released")}
        yield told | {name: getattr(one, name) for name in ("name", "state", "made_at", "ended_at")}


def _versions(rows: Sequence[Version]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told = {name: getattr(one, name) for name in ("number", "state", "definition", "handed_in_at", "released_at")}
        told |= {"digest": one.content_hash, "author": one.author and one.author.username}
        yield told | {"released_by": one.released_by and one.released_by.username}


JOURNEYS = Noun("journeys", JourneyTold, _journeys, newest_first=True)
VERSIONS = Noun("journey_versions", JourneyVersionTold, _versions, newest_first=True)


@router.get("/journeys", response=Page[JourneyTold], summary="Journeys")
def list_journeys(request: HttpRequest, asked: Query[JourneyList]) -> HttpResponse:
    """Those of the key's units, the newest first. Asks for `plan.see`."""
    key = caller_of(request)
    if not may_anywhere(key, Permission.SEE_PLAN):
        raise NotAllowedError(_("The key may not see plans. Give it “plan.see”."))
    wanted = {"community__slug": asked.community, "state": asked.state}
    found = journeys_for(key).filter(**{name: value for name, value in wanted.items() if value is not None})
    return page(request, found, JOURNEYS, asked)


@router.post("/communities/{slug}/journeys", response={201: JourneyTold}, summary="Draft a journey")
def make_one(request: HttpRequest, slug: Path[Slug], given: Body[JourneyGiven]) -> HttpResponse:
    """Whoever the key belongs to has written it. Asks for `reach.send`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.SEE_PLAN)
    check_may_send(request, community)
    journey = make_journey(community, name=given.name, definition=given.definition, by=key)
    return made(request, JOURNEYS, journey, at=f"/api/v1/journeys/{journey.pk}")


@router.get("/journeys/{pk}", response=JourneyTold, summary="One journey")
def show_journey(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return JOURNEYS.one(get_journey_for(caller_of(request), pk), fields=asked.fields)


@router.get("/journeys/{pk}/versions", response=Page[JourneyVersionTold], summary="Versions of a journey")
def list_journey_versions(request: HttpRequest, pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """The newest first. Asks for `plan.see`."""
    journey = get_journey_for(caller_of(request), pk)
    found = journey.versions.select_related("author", "released_by")
    return page(request, found, VERSIONS, asked, unit=journey.community.unit)


@router.put("/journeys/{pk}/draft", response=JourneyVersionTold, summary="Write the draft of a journey")
def write_draft(request: HttpRequest, pk: Path[Id], given: Body[JourneyVersionGiven]) -> HttpResponse:
    """Beside what runs; what was handed in is not any more. Asks for `reach.send`."""
    journey = writable_journey(request, pk)
    version = write_version(journey, definition=given.definition, name=given.name, by=caller_of(request))
    return VERSIONS.one(version)


@router.delete("/journeys/{pk}/draft", response={204: None}, summary="Throw the draft of a journey away")
def drop_draft(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """A journey that never ran goes with it. Asks for `reach.send`."""
    journey = writable_journey(request, pk)
    _draft(journey)
    discard_draft(journey, by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get("/journeys/{pk}/trial", response=TrialTold, summary="What a journey would have done last month")
def try_journey(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Of the draft, or, without one, of what was released; nothing is sent. Asks for `plan.see`."""
    journey = get_journey_for(caller_of(request), pk)
    version = draft_of(journey) or released_of(journey) or _missing_version()
    trial = simulate(read_definition(version.definition), community=journey.community, now=timezone.now())
    names = ("since", "until", "began", "states", "remarks")
    steps = [{"step": name} | asdict(one) for name, one in trial.steps.items()]
    told = [{name: one[name] for name in StepTried.model_fields} for one in steps]
    return as_json({name: getattr(trial, name) for name in names} | {"steps": told})


@router.post("/journeys/{pk}/hand-in", response=JourneyVersionTold, summary="Hand a journey in for release")
def give_journey(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """The checks have to find nothing. Asks for `reach.send`."""
    journey = writable_journey(request, pk)
    hand_in_version(_draft(journey), by=caller_of(request))
    return VERSIONS.one(_draft(journey))


@router.post("/journeys/{pk}/give-back", response=JourneyVersionTold, summary="Make a draft of a journey handed in")
def return_journey(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `reach.send`, or `content.review_second`."""
    journey = get_journey_for(caller_of(request), pk)
    give_back_version(_draft(journey), by=caller_of(request))
    return VERSIONS.one(_draft(journey))


@router.post("/journeys/{pk}/release", response=JourneyTold, summary="Release a journey")
def let_run(request: HttpRequest, pk: Path[Id], given: Body[JourneySeen]) -> HttpResponse:
    """Whoever begins from now on goes this way. Asks for `content.review_second`, by a key of who did not write it."""
    journey = get_journey_for(caller_of(request), pk)
    release_version(_draft(journey), by=caller_of(request), seen=given.digest)
    return _as_it_stands(request, pk)


@router.post("/journeys/{pk}/pause", response=JourneyTold, summary="Pause a journey")
def hold_journey(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Nobody begins, nobody goes on. Asks for `reach.send`."""
    pause_journey(writable_journey(request, pk), by=caller_of(request))
    return _as_it_stands(request, pk)


@router.post("/journeys/{pk}/resume", response=JourneyTold, summary="Let a paused journey go on")
def go_on(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """What fell due meanwhile is due now. Asks for `reach.send`."""
    resume_journey(writable_journey(request, pk), by=caller_of(request))
    return _as_it_stands(request, pk)


@router.post("/journeys/{pk}/end", response=EndedTold, summary="End a journey for everybody")
def finish_journey(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """For good; what has not left does not leave. Asks for `reach.send`."""
    return as_json({"members": end_journey(writable_journey(request, pk), by=caller_of(request))})


@router.get("/journeys/{pk}/figures", response=JourneyFiguresTold, summary="What became of a journey")
def show_journey_figures(request: HttpRequest, pk: Path[Id], asked: Query[FiguresOf]) -> HttpResponse:
    """Asks for `plan.see`."""
    journey = get_journey_for(caller_of(request), pk)
    version = _version(journey, asked.version)
    whole = journey_figures(journey, version=version if asked.version else None)
    shares = {name: _part(getattr(whole, name)) for name in ("reached", "ended", "left", "stopped")}
    counts = {"version": version.number, "began": whole.began, "under_way": whole.under_way}
    return as_json(counts | shares | {"steps": _steps(version)})


def _steps(version: Version) -> list[dict[str, Any]]:
    found = step_figures(version)
    order = [step.id for step in read_definition(version.definition).all_steps()]
    names = ("waiting", "moved_on", "sent", "held", "refused")
    told = []
    for step in [name for name in order if name in found]:
        one = found[step]
        outcomes: Mapping[str, int] = {name: count for name, count in one.outcomes.items() if name}
        shares = {name: _part(getattr(one, name)) for name in names}
        told.append({"step": step, "arrived": one.arrived, "outcomes": outcomes} | shares)
    return told


def _part(share: Share) -> dict[str, Any]:
    return {"part": share.part, "whole": share.whole, "rate": share.rate}


def writable_journey(request: HttpRequest, pk: int) -> Journey:
    """A journey that the key may write and run; raises NotAllowedError where it only sees it."""
    journey = get_journey_for(caller_of(request), pk)
    if not may_run(caller_of(request), journey.community):
        raise NotAllowedError(_("The key may not send. Give it “reach.send”."))
    return journey


def _as_it_stands(request: HttpRequest, pk: int) -> HttpResponse:
    return JOURNEYS.one(get_journey_for(caller_of(request), pk))


def _draft(journey: Journey) -> Version:
    found = draft_of(journey)
    if found is None:
        raise NotFoundError(_("There is no draft of this journey any more. Load the page again."))
    return found


def _version(journey: Journey, number: int | None) -> Version:
    if number is None:
        return released_of(journey) or journey.versions.first() or _missing_version()
    return journey.versions.filter(number=number).first() or _missing_version()


def _missing_version() -> Version:
    raise NotFoundError(_("There is no such version of this journey."))
