"""Reports made again and again, and those that were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.check.reports.models import MadeReport, ReportSchedule
from qunying.check.reports.schedules import (
    get_made_for,
    get_schedule_for,
    made_for,
    next_morning,
    path_of,
    schedules_for,
)
from qunying.check.reports.services_schedules import (
    TYPES,
    make_latest,
    pause_schedule,
    resume_schedule,
    schedule_report,
    send_made,
)
from qunying.doors.api.paging import Noun, caller_of, made, page
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["check"])
_Address = Annotated[Text, Field(min_length=1, max_length=254, examples=["lili@example.com"])]


class ScheduleTold(Told):
    """A report made again and again; `next` is when it is made next, null while it is paused."""

    id: int
    community: str
    grain: str
    form: str
    language: str
    recipients: list[str]
    paused_at: Moment | None
    next: Moment | None


class MadeTold(Told):
    """A report that a schedule made. `mail`: none, waiting, unknown, sent, failed."""

    id: int
    schedule: int
    community: str
    period: str
    form: str
    size: int
    made_at: Moment
    error: str
    mail: str
    mail_error: str


class ScheduleGiven(Given):
    """What is made, in which language, and to whom it is sent; with nobody, it is only kept."""

    grain: Literal["week", "month", "quarter"]
    form: Literal["html", "pdf", "docx", "xlsx"] = "pdf"
    language: Literal["zh-hans", "en"] = "zh-hans"
    recipients: list[_Address] = Field(default_factory=list, max_length=100, description="E-mail addresses.")


class PlaceList(Paging):
    """Of which community."""

    community: Slug | None = None


def _schedules(rows: Sequence[ReportSchedule]) -> Iterable[dict[str, Any]]:
    now = timezone.now()
    for one in rows:
        plain = {name: getattr(one, name) for name in ("grain", "form", "language", "recipients", "paused_at")}
        coming = None if one.paused_at else next_morning(one, now=now)
        yield {"id": one.pk, "community": one.community.slug, "next": coming} | plain


def _made(rows: Sequence[MadeReport]) -> Iterable[dict[str, Any]]:
    for one in rows:
        names = ("period", "form", "size", "made_at", "error", "mail", "mail_error")
        told = {"id": one.pk, "schedule": one.schedule_id, "community": one.community.slug}
        yield told | {name: getattr(one, name) for name in names}


SCHEDULES = Noun("schedules", ScheduleTold, _schedules)
MADE = Noun("made-reports", MadeTold, _made, newest_first=True)


@router.get("/report-schedules", response=Page[ScheduleTold], summary="Scheduled reports")
def list_schedules(request: HttpRequest, asked: Query[PlaceList]) -> HttpResponse:
    """Asks for `figures.see`."""
    found = schedules_for(caller_of(request))
    return page(request, found.filter(community__slug=asked.community) if asked.community else found, SCHEDULES, asked)


@router.post("/communities/{slug}/report-schedules", response={201: ScheduleTold}, summary="Schedule a report")
def make_schedule(request: HttpRequest, slug: Path[Slug], given: Body[ScheduleGiven]) -> HttpResponse:
    """Made on the morning after each period; bears no names of members. Asks for `members.export`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EXPORT)
    schedule = schedule_report(community, **given.dict(), by=key)
    return made(request, SCHEDULES, schedule, at=f"/api/v1/report-schedules/{schedule.pk}")


@router.get("/report-schedules/{pk}", response=ScheduleTold, summary="One scheduled report")
def show_schedule(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `figures.see`."""
    return SCHEDULES.one(get_schedule_for(caller_of(request), pk), fields=asked.fields)


@router.post("/report-schedules/{pk}/pause", response=ScheduleTold, summary="Pause a scheduled report")
def pause(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `members.export`."""
    schedule = _handed(request, pk)
    pause_schedule(schedule, by=caller_of(request))
    return SCHEDULES.one(schedule)


@router.post("/report-schedules/{pk}/resume", response=ScheduleTold, summary="Go on with a scheduled report")
def resume(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """What fell into the pause is not made up. Asks for `members.export`."""
    schedule = _handed(request, pk)
    resume_schedule(schedule, by=caller_of(request))
    return SCHEDULES.one(schedule)


@router.post("/report-schedules/{pk}/make", response=MadeTold, summary="Make a scheduled report now")
def make(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """That of the latest period; one that was made is given back. Asks for `members.export`."""
    return MADE.one(make_latest(_handed(request, pk), by=caller_of(request)))


@router.get("/made-reports", response=Page[MadeTold], summary="Reports that were made")
def list_made(request: HttpRequest, asked: Query[PlaceList]) -> HttpResponse:
    """The newest first. Asks for `figures.see`."""
    found = made_for(caller_of(request))
    return page(request, found.filter(community__slug=asked.community) if asked.community else found, MADE, asked)


@router.get(
    "/made-reports/{pk}/file",
    response={200: None},
    summary="The file of a report that was made",
    openapi_extra={
        "responses": {200: {"content": {kind.split(";")[0]: {"schema": {"type": "string"}} for kind in TYPES.values()}}}
    },
)
def take_file(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `figures.see`."""
    one = get_made_for(caller_of(request), pk)
    name = content_disposition_header(as_attachment=True, filename=f"{one.community.slug}-{one.period}.{one.form}")
    headers = {"Content-Disposition": name or "attachment"}
    return HttpResponse(path_of(one).read_bytes(), content_type=TYPES[one.form], headers=headers)


@router.post("/made-reports/{pk}/send", response=MadeTold, summary="Send a report again")
def send_again(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """One whose mail failed. Asks for `members.export`."""
    one = get_made_for(caller_of(request), pk)
    _handed(request, one.schedule_id)
    send_made(one, by=caller_of(request))
    one.refresh_from_db()
    return MADE.one(one)


def _handed(request: HttpRequest, pk: int) -> ReportSchedule:
    return get_schedule_for(caller_of(request), pk, Permission.EXPORT)
