"""Cadences for programs: rules by which topics come onto the content plan again and again."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.plan.entries import FormName
from qunying.doors.api.plan.themes import written
from qunying.doors.api.shapes import Clock, Day, Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.plan.content.models import Cadence, Entry
from qunying.plan.content.queries import get_theme_of
from qunying.plan.content.services_cadences import Rhythm, begin_cadence, end_cadence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.groups.models import Community

router = Router(tags=["plan"])
_On = Literal[
    "",
    "workday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "month-start",
    "month-end",
]
_Key = Annotated[Slug, Field(description="Its name; one that lasts has it alone.", examples=["weekly-tip"])]
_Title = Annotated[Text, Field(min_length=1, max_length=Entry.TITLE_LENGTH, examples=["每周一个养花小窍门"])]
_Every = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}[dwm]$", description="How often: 7d, 2w, 1m.", examples=["7d"])]
_MonthDay = Annotated[int, Field(ge=1, le=28, description="Moved on to this day of the month.", examples=[15])]
_PLACE = "/communities/{slug}/cadences"


class CadenceTold(Told):
    """A rule for topics: the first day, how often, and which day each moves on to. Days are local."""

    id: int
    key: str = Field(examples=["weekly-tip"])
    title: str = Field(examples=["每周一个养花小窍门"])
    form: str = Field(examples=["text"])
    theme: int | None = Field(examples=[2])
    every: str = Field(examples=["7d"])
    start: date
    on: str = Field(description="The kind of day each moves on to; '' any.", examples=["friday"])
    month_day: int | None = Field(examples=[None])
    time: str | None = Field(examples=["19:30"])
    owner_role: str = Field(description="Whose the topics are, by role; '' nobody's.", examples=["specialist"])
    filled_until: date | None = Field(
        description="Up to which day its topics are on the plan.", examples=["2026-03-29"]
    )
    ended_at: Moment | None


class CadenceGiven(Given):
    """A rule; the topics of the next four weeks come onto the plan at once."""

    key: _Key
    title: _Title
    every: _Every
    start: Day
    on: Annotated[_On, Field(description="The kind of day each moves on to.", examples=["friday"])] = ""
    month_day: _MonthDay | None = None
    time: Clock | None = None
    form: FormName = "text"
    theme: Annotated[Id, Field(description="null: none.")] | None = None
    owner_role: Annotated[Text, Field(max_length=32, examples=["specialist"])] = ""


class CadenceEnded(Told):
    """How many of its topics stay, because somebody has touched them."""

    entries: int = Field(examples=[3])


def _cadences(rows: Sequence[Cadence]) -> Iterable[dict[str, Any]]:
    plain = ("key", "title", "form", "every", "start", "on", "month_day", "owner_role", "filled_until", "ended_at")
    for one in rows:
        told = {"id": one.pk, "theme": one.theme_id, "time": f"{one.time:%H:%M}" if one.time else None}
        yield told | {name: getattr(one, name) for name in plain}


CADENCES = Noun("cadences", CadenceTold, _cadences)


@router.get(_PLACE, response=Page[CadenceTold], summary="Rules for topics")
def list_cadences(request: HttpRequest, slug: Path[Slug], asked: Query[Paging]) -> HttpResponse:
    """Those that have ended, too. Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    return page(request, Cadence.objects.filter(community=community), CADENCES, asked, unit=community.unit)


@router.post(_PLACE, response={201: CadenceTold}, summary="Begin a rule for topics")
def make_cadence(request: HttpRequest, slug: Path[Slug], given: Body[CadenceGiven]) -> HttpResponse:
    """Asks for `content.write`."""
    community = written(request, slug)
    if Cadence.objects.filter(community=community, key=given.key, ended_at=None).exists():
        raise QunyingError(_("There is a rule “%(key)s” already. End it first.") % {"key": given.key})
    rhythm = Rhythm(
        given.every,
        given.start,
        given.on,
        given.month_day,
        time.fromisoformat(given.time) if given.time else None,
        given.owner_role,
    )
    theme = get_theme_of(community, given.theme) if given.theme else None
    cadence = begin_cadence(
        given.key,
        community=community,
        title=given.title,
        rhythm=rhythm,
        theme=theme,
        form=given.form,
        by=caller_of(request),
    )
    return made(request, CADENCES, _cadence(community, cadence.pk))


@router.get(f"{_PLACE}/{{pk}}", response=CadenceTold, summary="One rule for topics")
def show_cadence(request: HttpRequest, slug: Path[Slug], pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    community = get_community_for(caller_of(request), slug, Permission.SEE_PLAN)
    return CADENCES.one(_cadence(community, pk), fields=asked.fields)


@router.post(f"{_PLACE}/{{pk}}/end", response=CadenceEnded, summary="End a rule for topics")
def stop_cadence(request: HttpRequest, slug: Path[Slug], pk: Path[Id]) -> HttpResponse:
    """Its topics that nobody has touched go; the others stay. Asks for `content.write`."""
    cadence = _cadence(written(request, slug), pk)
    return as_json({"entries": end_cadence(cadence, by=caller_of(request))})


def _cadence(community: Community, pk: int) -> Cadence:
    found = Cadence.objects.filter(community=community, pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such rule in this community."))
    return found
