"""Supervision: the board of a unit, and the work behind a deviation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from qunying.check.supervision.board import Level, Realm, board_of, realm_of
from qunying.check.supervision.execution import due_lines
from qunying.check.supervision.queries import get_supervised_unit
from qunying.doors.api.ground.figures import PeriodText, period_asked
from qunying.doors.api.paging import as_json, caller_of
from qunying.doors.api.plan.goals import number_told
from qunying.doors.api.shapes import Id, Slug, Told
from qunying.ground.access.roles import Permission
from qunying.ground.figures.results import Scope
from qunying.ground.groups.queries import get_community_for

if TYPE_CHECKING:
    from qunying.check.supervision.attainment import Attainment
    from qunying.check.supervision.board import Line, Stand
    from qunying.check.supervision.execution import DueLine, Execution
    from qunying.ground.figures.places import Rate
    from qunying.kit.periods import Period

router = Router(tags=["check"])


class RateTold(Schema):
    """A share with what it is a share of; of nobody it has no value."""

    value: float | None
    numerator: int
    denominator: float


class WorkTally(Schema):
    """Work that was due: done by its day, later, not at all, still to come; `moved`: its day was put off."""

    on_time: int
    late: int
    undone: int
    coming: int
    moved: int
    deviation: float | None


class GoalsStood(Schema):
    """Goals on course, off course, missed, not judged yet."""

    good: int
    risk: int
    missed: int
    open: int


class StandTold(Schema):
    """How a place stands in a period; figures are null where it has no community. `revenue` is in minor units."""

    members: int | None
    active: RateTold | None
    churn: RateTold | None
    interactions: int | None
    messages: int | None
    revenue: int | None
    orders: int | None
    work: WorkTally
    goals: GoalsStood


class BoardLine(Schema):
    """A unit with all below it, or a community. `limit` is the deviation allowed, in per cent; `flagged`: above it."""

    name: str
    unit: int | None
    community: str | None
    currency: str | None
    simulated: bool
    limit: str
    flagged: bool
    now: StandTold
    before: StandTold


class BoardTold(Told):
    """A unit (null: all the key supervises), line by line. `beside` is work that stands in no line."""

    unit: int | None
    start: str
    end: str
    by: str
    levels: list[str]
    whole: BoardLine
    lines: list[BoardLine]
    beside: WorkTally


class WorkDue(Told):
    """A piece of work that was due: in_time, late, undone or coming."""

    work: int
    title: str
    community: str | None
    unit: int | None
    owner: str | None
    due: str
    done: str | None
    kind: Literal["in_time", "late", "undone", "coming"]


class BoardAsked(Schema):
    """Of which unit and days, and what a line is."""

    unit: Id | None = None
    period: PeriodText = ""
    by: Literal["next", "lowest", "communities"] | None = None


class DueAsked(Schema):
    """Of which unit or community, and which days."""

    unit: Id | None = None
    community: Slug | None = None
    period: PeriodText = ""
    limit: Annotated[int, Field(ge=1, le=200, description="How many things at most.")] = 50


@router.get("/supervision", response=BoardTold, summary="The board of a unit")
def show_board(request: HttpRequest, asked: Query[BoardAsked]) -> HttpResponse:
    """What stands below a unit, side by side, in two periods. Asks for `figures.see` and `plan.see`."""
    realm = _realm(request, asked.unit)
    period = _period(realm, asked.period)
    board = board_of(realm, period, level=Level(asked.by) if asked.by else None)
    told = {
        "unit": board.unit.pk if board.unit else None,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "by": board.level,
        "levels": list(board.levels),
        "whole": _line(board.whole),
        "lines": [_line(one) for one in board.lines],
        "beside": _work(board.beside),
    }
    return as_json(told)


@router.get("/supervision/work", response=list[WorkDue], summary="The work behind a deviation")
def list_due(request: HttpRequest, asked: Query[DueAsked]) -> HttpResponse:
    """What was due, the earliest first. Asks for `figures.see` and `plan.see`."""
    if asked.community is None:
        realm = _realm(request, asked.unit)
    else:
        realm = Realm(None, [], [], [get_community_for(caller_of(request), asked.community, Permission.SEE_PLAN)])
    lines = due_lines(realm.communities, [one.pk for one in realm.units], _period(realm, asked.period))
    return as_json([_due(one) for one in lines[: asked.limit]])


def _realm(request: HttpRequest, unit: int | None) -> Realm:
    key = caller_of(request)
    return realm_of(key, get_supervised_unit(key, unit) if unit is not None else None)


def _period(realm: Realm, text: str) -> Period:
    return period_asked(Scope(tuple(one.pk for one in realm.communities)), text)


def _line(one: Line) -> dict[str, Any]:
    return {
        "name": one.name,
        "unit": one.unit.pk if one.unit else None,
        "community": one.community.slug if one.community else None,
        "currency": one.currency,
        "simulated": one.simulated,
        "limit": number_told(one.limit.percent),
        "flagged": one.flagged,
        "now": _stand(one.now),
        "before": _stand(one.before),
    }


def _stand(at: Stand) -> dict[str, Any]:
    head = at.headline
    plain = ("members", "interactions", "messages", "revenue", "orders")
    return {name: getattr(head, name) if head else None for name in plain} | {
        "active": _rate(head.active) if head else None,
        "churn": _rate(head.churn) if head else None,
        "work": _work(at.execution),
        "goals": _goals(at.goals),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {"value": rate.value, "numerator": rate.numerator, "denominator": rate.denominator}


def _work(one: Execution) -> dict[str, Any]:
    names = ("on_time", "late", "undone", "coming", "moved", "deviation")
    return {name: getattr(one, name) for name in names}


def _goals(one: Attainment) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("good", "risk", "missed", "open")}


def _due(one: DueLine) -> dict[str, Any]:
    work = one.work
    return {
        "work": work.pk,
        "title": work.title,
        "community": work.community.slug if work.community else None,
        "unit": work.unit_id,
        "owner": work.owner.username if work.owner else None,
        "due": work.due.isoformat(),
        "done": one.done.isoformat() if one.done else None,
        "kind": one.kind,
    }
