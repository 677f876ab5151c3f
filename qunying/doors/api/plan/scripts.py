"""Scripts for programs: words that are said again and again, by situation."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.plan.themes import written
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.plan.materials.models import Script
from qunying.plan.materials.queries import get_script_for, saying, scripts_in
from qunying.plan.materials.services_scripts import (
    Said,
    archive_scripts,
    bring_scripts,
    change_script,
    count_use,
    places_in,
    write_script,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["plan"])
_Situation = Annotated[Text, Field(min_length=1, max_length=Script.SITUATION_LENGTH, examples=["问价"])]
_Title = Annotated[Text, Field(min_length=1, max_length=Script.TITLE_LENGTH, examples=["问玫瑰多少钱"])]
_Words = Annotated[
    Text, Field(min_length=1, max_length=Script.MOST_WORDS, examples=["{name}你好，玫瑰今天十九块九一束。"])
]
_Shared = Annotated[
    bool, Field(description="For all communities of the unit and below, not for this one alone.", examples=[False])
]
_PLACE = "/communities/{slug}/scripts"


class ScriptTold(Told):
    """Words for a situation; `places` are what is filled in each time."""

    id: int
    community: str | None = Field(description="null: for all communities of the unit and below.", examples=["flowers"])
    unit: int
    situation: str = Field(examples=["问价"])
    title: str = Field(examples=["问玫瑰多少钱"])
    words: str = Field(examples=["{name}你好，玫瑰今天十九块九一束。"])
    places: list[str] = Field(description="The names between braces.", examples=[["name"]])
    uses: int = Field(description="How often somebody took it.", examples=[12])
    used_at: Moment | None
    changed_at: Moment


class ScriptGiven(Given):
    """A script."""

    situation: _Situation
    title: _Title
    words: _Words
    shared: _Shared = False


class ScriptChange(Given):
    """What changes; what is left out stays."""

    situation: _Situation | None = None
    title: _Title | None = None
    words: _Words | None = None


class ScriptRow(Given):
    """One of many."""

    situation: Annotated[Text, Field(max_length=200, examples=["问价"])]
    title: Annotated[Text, Field(max_length=200, examples=["问玫瑰多少钱"])]
    words: Annotated[Text, Field(max_length=10_000, examples=["{name}你好，玫瑰今天十九块九一束。"])]


class ScriptsGiven(Given):
    """Many scripts; one of the same situation and title gets the new words."""

    scripts: Annotated[list[ScriptRow], Field(min_length=1, max_length=1000, description="One by one.")]
    shared: _Shared = False


class RefusedTold(Told):
    """A script that was left out, counted from 1, and why."""

    row: int = Field(examples=[3])
    title: str = Field(examples=["问玫瑰多少钱"])
    why: str = Field(examples=["写下要说的话。"])


class BroughtIn(Told):
    """What came of many."""

    added: int = Field(examples=[10])
    changed: int = Field(examples=[2])
    same: int = Field(examples=[30])
    refused: list[RefusedTold] = Field(description="Those that were left out.")


class ScriptList(Paging):
    """Which scripts."""

    q: Annotated[Text, Field(max_length=100, description="Words that all stand in it.")] = ""
    situation: Annotated[Text, Field(max_length=100, description="Only those of this situation.")] = ""


def _scripts(rows: Sequence[Script]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told: dict[str, Any] = {"id": one.pk, "community": one.community and one.community.slug, "unit": one.unit_id}
        told |= {"places": places_in(one.words)}
        yield told | {
            name: getattr(one, name) for name in ("situation", "title", "words", "uses", "used_at", "changed_at")
        }


SCRIPTS = Noun("scripts", ScriptTold, _scripts)


@router.get(_PLACE, response=Page[ScriptTold], summary="Scripts")
def list_scripts(request: HttpRequest, slug: Path[Slug], asked: Query[ScriptList]) -> HttpResponse:
    """What can be said in a community: its own and what its units share. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    found = saying(scripts_in(community), asked.q)
    if asked.situation:
        found = found.filter(situation=asked.situation)
    return page(request, found, SCRIPTS, asked, unit=community.unit)


@router.post(_PLACE, response={201: ScriptTold}, summary="Write a script")
def make_script(request: HttpRequest, slug: Path[Slug], given: Body[ScriptGiven]) -> HttpResponse:
    """What the word lists forbid is refused. Asks for `content.write`."""
    community = written(request, slug)
    said = Said(given.situation, given.title, given.words)
    place = None if given.shared else community
    script = write_script(said, unit=community.unit, community=place, by=caller_of(request))
    return made(request, SCRIPTS, script)


@router.post(f"{_PLACE}/many", response=BroughtIn, summary="Write many scripts")
def make_scripts(request: HttpRequest, slug: Path[Slug], given: Body[ScriptsGiven]) -> HttpResponse:
    """What cannot be kept is told one by one; the others are kept. Asks for `content.write`."""
    community = written(request, slug)
    said = [Said(one.situation, one.title, one.words, row) for row, one in enumerate(given.scripts, start=1)]
    place = None if given.shared else community
    brought = bring_scripts(said, unit=community.unit, community=place, by=caller_of(request))
    refused = [{"row": one.row, "title": one.title, "why": one.why} for one in brought.refused]
    counts = {name: getattr(brought, name) for name in ("added", "changed", "same")}
    return as_json(counts | {"refused": refused})


@router.get(f"{_PLACE}/{{pk}}", response=ScriptTold, summary="One script")
def show_script(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return SCRIPTS.one(get_script_for(caller_of(request), slug, pk)[1], fields=asked.fields)


@router.patch(f"{_PLACE}/{{pk}}", response=ScriptTold, summary="Change a script")
def rewrite(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[ScriptChange]) -> HttpResponse:
    """Asks for `content.write` in the unit it is of."""
    script = _kept(request, slug, pk)
    stands = {name: getattr(script, name) for name in ("situation", "title", "words")}
    return SCRIPTS.one(
        change_script(script, said=Said(**stands | given.dict(exclude_none=True)), by=caller_of(request))
    )


@router.delete(f"{_PLACE}/{{pk}}", response={204: None}, summary="Put a script away")
def put_script_away(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Asks for `content.write` in the unit it is of."""
    archive_scripts([_kept(request, slug, pk)], by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.post(f"{_PLACE}/{{pk}}/used", response={204: None}, summary="Count that a script was used")
def note_use(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Asks for `plan.see`."""
    count_use(get_script_for(caller_of(request), slug, pk)[1])
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _kept(request: HttpRequest, slug: str, pk: int) -> Script:
    written(request, slug)
    return get_script_for(caller_of(request), slug, pk)[1]
