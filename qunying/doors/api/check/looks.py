"""Alerts and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Body, Path, Query, Router, Schema
from pydantic import Field

from qunying.check.alerts.models import Alert
from qunying.check.alerts.queries import get_alert_for, open_alerts
from qunying.check.alerts.services import acknowledge_alert
from qunying.check.reports.spans import read_span
from qunying.check.stages.services import set_stage
from qunying.check.tracking.jobs import look_at_all
from qunying.doors.api.paging import Noun, as_json, caller_of, page
from qunying.doors.api.shapes import Fields, Given, Id, Moment, Page, Paging, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.ground.groups.queries import communities_for, get_community_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.check.reports.shapes import Report

router = Router()
_Form = Literal["json", "html", "pdf", "docx", "xlsx"]
TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class AlertTold(Told):
    """A goal that falls behind. `calls` while nobody has taken note of the level it stands at."""

    id: int
    community: str
    goal: int
    level: int
    peak: int
    value: float
    opened: str
    since: str
    closed: str | None
    calls: bool


class AlertNoted(Given):
    """What is made of it or being done."""

    note: Annotated[Text, Field(min_length=1, max_length=1000)]


class StageGiven(Given):
    """The stage the community is in from today on."""

    stage: Literal["start", "growth", "maturity", "decline", "revival"]
    note: Annotated[Text, Field(max_length=1000)] = ""


class StageTold(Told):
    """A stage somebody said the community is in, and the one that was proposed."""

    stage: str
    since: str
    proposed: str
    note: str


class CountTold(Told):
    """How many goals were looked at."""

    goals: int


class AlertList(Paging):
    """Whose alerts."""

    community: Slug | None = None


class ReportLine(Schema):
    """One figure of a report, and that of the period before."""

    name: str
    value: float | None
    numerator: float | None
    denominator: float | None
    before: float | None


class ReportTold(Told):
    """A report as data."""

    community: str
    period: str
    start: str
    end: str
    as_of: Moment
    lines: list[ReportLine]


class ReportAsked(Fields):
    """In which form."""

    form: _Form = "json"


def _alerts(alerts: Sequence[Alert]) -> Iterable[dict[str, Any]]:
    for one in alerts:
        yield {
            "id": one.pk,
            "community": one.goal.community.slug,
            "goal": one.goal_id,
            "level": one.level,
            "peak": one.peak,
            "value": one.value,
            "opened": one.opened.isoformat(),
            "since": one.since.isoformat(),
            "closed": one.closed.isoformat() if one.closed else None,
            "calls": one.calls,
        }


ALERTS = Noun("alerts", AlertTold, _alerts, newest_first=True)
REPORTS: Noun[Any] = Noun("reports", ReportTold, list)


@router.get("/alerts", response=Page[AlertTold], summary="Open alerts", tags=["check"])
def list_alerts(request: HttpRequest, asked: Query[AlertList]) -> HttpResponse:
    """Goals that fall behind, the newest first. Asks for `plan.see`."""
    visible = communities_for(caller_of(request), Permission.SEE_PLAN)
    if asked.community is not None:
        visible = visible.filter(slug=asked.community)
    return page(request, open_alerts(visible.values_list("pk", flat=True)), ALERTS, asked)


@router.post(
    "/communities/{slug}/alerts/{pk}/acknowledge", response=AlertTold, summary="Take note of an alert", tags=["check"]
)
def note_alert(request: HttpRequest, slug: Path[Slug], pk: Path[Id], given: Body[AlertNoted]) -> HttpResponse:
    """It calls again only if it climbs. Asks for `work.edit`."""
    key = caller_of(request)
    alert = get_alert_for(key, slug, pk, Permission.WORK)
    acknowledge_alert(alert, note=given.note, by=key)
    return ALERTS.one(alert)


@router.post("/communities/{slug}/standings", response=CountTold, summary="Look at every goal", tags=["check"])
def count_anew(request: HttpRequest, slug: Path[Slug]) -> HttpResponse:
    """Now; the forecasts follow within minutes. Asks for `plan.edit`."""
    community = get_community_for(caller_of(request), slug, Permission.EDIT_PLAN)
    return as_json({"goals": look_at_all(community)})


@router.post("/communities/{slug}/stage", response=StageTold, summary="Say the stage of a community", tags=["check"])
def say_stage(request: HttpRequest, slug: Path[Slug], given: Body[StageGiven]) -> HttpResponse:
    """Of the five stages of its life. Asks for `plan.edit`."""
    key = caller_of(request)
    community = get_community_for(key, slug, Permission.EDIT_PLAN)
    mark = set_stage(community, stage=given.stage, note=given.note, by=key)
    told = {"stage": mark.stage, "since": mark.since.isoformat(), "proposed": mark.proposed, "note": mark.note}
    return as_json(told)


@router.get(
    "/communities/{slug}/reports/{period}",
    response=ReportTold,
    summary="A report",
    tags=["check"],
    openapi_extra={
        "responses": {200: {"content": {kind.split(";")[0]: {"schema": {"type": "string"}} for kind in TYPES.values()}}}
    },
)
def show_report(
    request: HttpRequest,
    slug: Path[Slug],
    period: Path[Annotated[Text, Field(max_length=30, examples=["2026-W10"])]],
    asked: Query[ReportAsked],
) -> HttpResponse:
    """The report of a week (2026-W10), month (2026-03) or quarter (2026-Q1) as data or as a file.

    Asks for `figures.see`; the names of who came and went are in it where the key holds `members.see`, too.
    """
    key = caller_of(request)
    community = get_community_for(key, slug)
    span = read_span(period)
    if asked.form == "json":
        from qunying.check.reports.queries import build_report  # noqa: PLC0415 - brings the engine along

        columns = REPORTS.columns(asked.fields)
        row = _report(build_report(community, span=span), span.name)
        return as_json({name: row[name] for name in columns})
    from qunying.check.reports.services import export_report  # noqa: PLC0415 - brings what draws along

    names = may(key, Permission.SEE_MEMBERS, community.unit)
    raw = export_report(community, span=span, form=asked.form, by=key, names=names)
    name = f"{community.slug}-{span.name}.{asked.form}"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(raw, content_type=TYPES[asked.form], headers={"Content-Disposition": disposition})


def _report(report: Report, period: str) -> dict[str, Any]:
    return {
        "community": report.subject.slug,
        "period": period,
        "start": report.counted.start.isoformat(),
        "end": report.counted.end.isoformat(),
        "as_of": report.as_of,
        "lines": [
            {
                "name": name,
                "value": line.figure.value,
                "numerator": line.figure.numerator,
                "denominator": line.figure.denominator,
                "before": line.before[0].value if line.before else None,
            }
            for name, line in report.lines.items()
        ],
    }
