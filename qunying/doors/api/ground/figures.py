"""Figures: the catalogue, a measurement, and the people behind it; segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.ground.members import MEMBERS, MemberTold
from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import Day, Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.queries import get_unit_for
from qunying.ground.access.roles import Permission
from qunying.ground.figures.catalogue import all_metrics, metric_named
from qunying.ground.figures.results import Figure, Scope
from qunying.ground.groups.queries import get_community_for
from qunying.ground.members.models import Member
from qunying.ground.segments.models import Segment
from qunying.ground.segments.queries import get_segment_for, members_of_segment, seen_by, segments_for
from qunying.ground.segments.services import create_segment, edit_segment, remove_segment
from qunying.kit.errors import QunyingError
from qunying.kit.periods import Period, parse_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from qunying.ground.groups.models import Community

router = Router()
_FIXED = {"period", "from", "to", "group", "limit", "cursor", "fields", "format"}
_EARLIEST, _LATEST = 1990, 2100
PeriodText = Annotated[
    Text,
    Field(max_length=30, description="2026-W10, 2026-03 or 2026-03-01..2026-03-31; the last 30 days with facts."),
]


class MetricTold(Told):
    """An entry of the catalogue; `params` are further query parameters of a measurement."""

    name: str
    title: str
    definition: str
    unit: str
    params: dict[str, str]
    columns: list[str]


class FigureTold(Told):
    """A figure with what it stands on: a rate has its numerator, denominator and 95 % interval."""

    metric: str
    community: str
    start: str
    end: str
    params: dict[str, Any]
    unit: str
    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    as_of: Moment
    rows: list[dict[str, Any]]


class SegmentTold(Told):
    """Conditions with a name: who fits them is counted anew each time."""

    id: int
    name: str
    unit: int
    community: str | None
    conditions: dict[str, Any]
    made_at: Moment
    changed_at: Moment


class SegmentGiven(Given):
    """A new segment: in one community, or in all of a unit."""

    name: Annotated[Text, Field(min_length=1, max_length=80)]
    unit: Id
    community: Slug | None = None
    conditions: dict[str, Any] = Field(examples=[{"all": True, "parts": [{"is": "state", "state": "present"}]}])


class SegmentChange(Given):
    """What changes; what is left out stays."""

    name: Annotated[Text, Field(min_length=1, max_length=80)] | None = None
    conditions: dict[str, Any] | None = None


class Asked(Fields):
    """Of which days and groups. Further parameters are those of the metric."""

    period: PeriodText = ""
    group: Id | None = None


class PeopleAsked(Paging):
    """Of which days and groups, and which of the people."""

    period: PeriodText = ""
    group: Id | None = None
    day: Day | None = Field(None, description="The row of this day, where the metric has one for each day.")


@router.get("/metrics", response=list[MetricTold], summary="The catalogue of figures", tags=["figures"])
def list_metrics(request: HttpRequest) -> HttpResponse:
    """Every figure there is, how it is defined, and what it may be asked with."""
    return as_json(
        [
            {
                "name": one.name,
                "title": str(one.title),
                "definition": str(one.definition),
                "unit": one.unit,
                "params": {param.name: param.wanted for param in one.params},
                "columns": list(one.columns),
            }
            for one in all_metrics()
        ]
    )


@router.get("/communities/{slug}/figures/{metric}", response=FigureTold, summary="Measure", tags=["figures"])
def show_figure(request: HttpRequest, slug: Path[Slug], metric: Path[Slug], asked: Query[Asked]) -> HttpResponse:
    """One figure of a community, counted now. Asks for `figures.see`."""
    from qunying.ground.figures.services import measure  # noqa: PLC0415 - brings the engine along

    community = get_community_for(caller_of(request), slug)
    scope = _scope(community, asked.group)
    params = _params(request, metric)
    return _told(
        measure(metric, scope=scope, period=period_asked(scope, asked.period), **params), community, asked.fields
    )


@router.get(
    "/communities/{slug}/figures/{metric}/members",
    response=Page[MemberTold],
    summary="Who is counted",
    tags=["figures"],
)
def list_counted(request: HttpRequest, slug: Path[Slug], metric: Path[Slug], asked: Query[PeopleAsked]) -> HttpResponse:
    """The members a figure counts in its numerator. Asks for `members.see`."""
    from qunying.ground.figures.services import members_behind  # noqa: PLC0415 - as above

    community = get_community_for(caller_of(request), slug, Permission.SEE_MEMBERS)
    scope = _scope(community, asked.group)
    cell: dict[str, Any] | None = {"day": asked.day} if asked.day else None
    params = _params(request, metric)
    params.pop("day", None)
    ids = members_behind(metric, scope=scope, period=period_asked(scope, asked.period), cell=cell, **params)
    return page(request, Member.objects.filter(pk__among=ids), MEMBERS, asked, unit=community.unit)


@router.get("/segments", response=Page[SegmentTold], summary="Segments", tags=["segments"])
def list_segments(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """Asks for `members.see`."""
    return page(request, segments_for(caller_of(request)), SEGMENTS, asked)


@router.post("/segments", response={201: SegmentTold}, summary="Make a segment", tags=["segments"])
def make_segment(request: HttpRequest, given: Body[SegmentGiven]) -> HttpResponse:
    """Asks for `members.edit` in the unit."""
    key = caller_of(request)
    unit = get_unit_for(key, given.unit, Permission.EDIT_MEMBERS)
    community = get_community_for(key, given.community, Permission.EDIT_MEMBERS) if given.community else None
    if community is not None:
        unit = community.unit
    made = create_segment(unit, name=given.name, conditions=given.conditions, by=key, community=community)
    answer = SEGMENTS.one(made, status=201)
    answer["Location"] = f"{request.path}/{made.pk}"
    return answer


@router.get("/segments/{pk}", response=SegmentTold, summary="One segment", tags=["segments"])
def show_segment(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `members.see`."""
    return SEGMENTS.one(get_segment_for(caller_of(request), pk), fields=asked.fields)


@router.patch("/segments/{pk}", response=SegmentTold, summary="Change a segment", tags=["segments"])
def change_segment(request: HttpRequest, pk: Path[Id], given: Body[SegmentChange]) -> HttpResponse:
    """Asks for `members.edit`."""
    key = caller_of(request)
    segment = get_segment_for(key, pk, Permission.EDIT_MEMBERS)
    conditions = segment.conditions if given.conditions is None else given.conditions
    edit_segment(segment, name=given.name or segment.name, conditions=conditions, by=key)
    return SEGMENTS.one(segment)


@router.delete("/segments/{pk}", response={204: None}, summary="Remove a segment", tags=["segments"])
def drop_segment(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `members.edit`."""
    key = caller_of(request)
    remove_segment(get_segment_for(key, pk, Permission.EDIT_MEMBERS), by=key)
    return HttpResponse(status=204)


@router.get("/segments/{pk}/members", response=Page[MemberTold], summary="Who fits", tags=["segments"])
def list_fitting(request: HttpRequest, pk: Path[Id], asked: Query[Paging]) -> HttpResponse:
    """The members of a segment, now, as far as the key may see. Asks for `members.see`."""
    key = caller_of(request)
    segment = get_segment_for(key, pk)
    ids = members_of_segment(segment, seen_by(key, segment))
    return page(request, Member.objects.filter(pk__among=ids), MEMBERS, asked, unit=segment.unit)


def _segments(segments: Sequence[Segment]) -> Iterable[dict[str, Any]]:
    for one in segments:
        yield {
            "id": one.pk,
            "name": one.name,
            "unit": one.unit_id,
            "community": one.community.slug if one.community else None,
            "conditions": one.conditions,
            "made_at": one.made_at,
            "changed_at": one.changed_at,
        }


SEGMENTS = Noun("segments", SegmentTold, _segments)


def _scope(community: Community, group: int | None) -> Scope:
    if group is not None and not community.groups.filter(pk=group).exists():
        raise QunyingError(_("There is no group “%(group)s” in this community.") % {"group": group})
    return Scope((community.pk,), groups=() if group is None else (group,))


def period_asked(scope: Scope, text: str) -> Period:
    """The period of this text, or the last 30 days with facts; raises QunyingError for one too far away."""
    from qunying.ground.figures.services import default_period  # noqa: PLC0415 - as above

    period = parse_period(text) if text else default_period(scope)
    if not _EARLIEST <= period.start.year <= period.end.year <= _LATEST:
        raise QunyingError(_("The period lies before 1990 or after 2100."))
    return period


def _params(request: HttpRequest, metric: str) -> dict[str, Any]:
    """What the address gives beside what every measurement takes: parameters of the metric."""
    known = {param.name for param in metric_named(metric).params}
    return {name: value for name, value in request.GET.items() if name in known or name not in _FIXED}


def _told(figure: Figure, community: Community, fields: str) -> HttpResponse:
    low, high = figure.interval or (None, None)
    row = {
        "metric": figure.metric,
        "community": community.slug,
        "start": figure.period.start.isoformat(),
        "end": figure.period.end.isoformat(),
        "params": figure.params,
        "unit": metric_named(figure.metric).unit,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "low": low,
        "high": high,
        "as_of": figure.as_of,
        "rows": [{name: _plain(value) for name, value in one.items()} for one in figure.rows],
    }
    columns = FIGURES.columns(fields)
    return as_json({name: row[name] for name in columns})


def _plain(value: date | Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


FIGURES: Noun[Any] = Noun("figures", FigureTold, list)
