"""Members on journeys, for programs: who is on one, the way of each, starting and stopping them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.do.journeys.models import Traveller
from qunying.do.journeys.queries import get_journey_for, get_traveller_for, path_of, travellers_of
from qunying.do.journeys.services_travellers import start_members, stop_traveller
from qunying.doors.api.do.journeys import writable_journey
from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Page, Paging, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import members_of
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.do.journeys.models import Passage

router = Router(tags=["do"])
_State = Literal["under_way", "reached_goal", "left", "ended", "stopped"]
_Why = Annotated[Text, Field(min_length=1, max_length=Traveller.WHY_LENGTH, examples=["她请我们别再发了"])]


class TravellerTold(Told):
    """A member on a journey, on the version that stood when they began."""

    id: int
    journey: int
    version: int = Field(description="The number of the version.", examples=[2])
    member: int
    group: int | None = Field(description="The group they came into, where it matters.", examples=[3])
    state: str = Field(
        description="under_way, reached_goal, left, ended (to the end), stopped.", examples=["under_way"]
    )
    why: str = Field(description="Why it ended before its end.", examples=[""])
    began_at: Moment
    ended_at: Moment | None


class PassageTold(Told):
    """A step a member met, or meets next: when it is due and what came of it."""

    id: int
    step: str = Field(description="The id of the step.", examples=["hello"])
    kind: str = Field(description="What the step does.", examples=["welcome"])
    round: int = Field(examples=[1])
    state: str = Field(description="due, out, done, skipped.", examples=["done"])
    outcome: str = Field(description="'' while nothing came of it.", examples=["sent"])
    why: str = Field(examples=[""])
    due_at: Moment
    done_at: Moment | None


class TravellerList(Paging):
    """Which travellers."""

    state: Annotated[_State | None, Field(description="Only those that stand so.")] = None
    member: Annotated[Id | None, Field(description="Only this member's.")] = None


class TravellersGiven(Given):
    """Members to be put on a journey, by number."""

    members: Annotated[list[Id], Field(min_length=1, max_length=1000, examples=[[7, 8]])]


class BegunTold(Told):
    """How many began; who is on it already, may not go again, or whom it is not for, does not."""

    begun: int = Field(examples=[2])


class StopGiven(Given):
    """Why somebody is taken off."""

    why: _Why


def _travellers(rows: Sequence[Traveller]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told: dict[str, Any] = {"id": one.pk, "journey": one.journey_id, "version": one.version.number}
        told |= {"member": one.member_id, "group": one.group_id}
        yield told | {name: getattr(one, name) for name in ("state", "why", "began_at", "ended_at")}


def _passages(rows: Sequence[Passage]) -> Iterable[dict[str, Any]]:
    for one in rows:
        plain = ("kind", "round", "state", "outcome", "why", "due_at", "done_at")
        yield {"id": one.pk, "step": one.step_id} | {name: getattr(one, name) for name in plain}


TRAVELLERS = Noun("journey_travellers", TravellerTold, _travellers, newest_first=True)
PASSAGES = Noun("journey_passages", PassageTold, _passages)


@router.get("/journeys/{pk}/travellers", response=Page[TravellerTold], summary="Members on a journey")
def list_travellers(request: HttpRequest, pk: Path[Id], asked: Query[TravellerList]) -> HttpResponse:
    """Everybody who began, the newest first. Asks for `members.see`."""
    journey = get_journey_for(caller_of(request), pk, Permission.SEE_MEMBERS)
    wanted = {"state": asked.state, "member": asked.member}
    found = travellers_of(journey).filter(**{name: value for name, value in wanted.items() if value is not None})
    return page(request, found, TRAVELLERS, asked, unit=journey.community.unit)


@router.post("/journeys/{pk}/travellers", response=BegunTold, summary="Put members on a journey")
def start_travellers(request: HttpRequest, pk: Path[Id], given: Body[TravellersGiven]) -> HttpResponse:
    """One that runs. Asks for `reach.send` and `members.see`."""
    key = caller_of(request)
    journey = writable_journey(request, pk)
    journey = get_journey_for(key, journey.pk, Permission.SEE_MEMBERS)
    known = members_of(journey.community).filter(pk__in=given.members).order_by()
    if known.values("pk").distinct().count() != len(set(given.members)):
        raise NotFoundError(_("There is no such member, or not in a community that you may open."))
    return as_json({"begun": start_members(journey, members=given.members, by=key)})


@router.get("/travellers/{pk}", response=TravellerTold, summary="One member on a journey")
def show_traveller(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `members.see`."""
    return TRAVELLERS.one(get_traveller_for(caller_of(request), pk), fields=asked.fields)


@router.get("/travellers/{pk}/passages", response=Page[PassageTold], summary="The steps a member met")
def list_passages(request: HttpRequest, pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """In the order in which they were met. Asks for `members.see`."""
    traveller = get_traveller_for(caller_of(request), pk)
    return page(request, path_of(traveller), PASSAGES, asked, unit=traveller.journey.community.unit)


@router.post("/travellers/{pk}/stop", response=TravellerTold, summary="Take a member off a journey")
def stop_one(request: HttpRequest, pk: Path[Id], given: Body[StopGiven]) -> HttpResponse:
    """Nothing more of it comes to them. Asks for `reach.send` and `members.see`."""
    key = caller_of(request)
    traveller = get_traveller_for(key, pk)
    writable_journey(request, traveller.journey_id)
    stop_traveller(traveller, why=given.why, by=key)
    return TRAVELLERS.one(get_traveller_for(key, pk))
