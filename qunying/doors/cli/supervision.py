"""`supervision`: units side by side, with figures, goals and execution."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.check.supervision.board import Level, board_of, realm_in
from qunying.check.supervision.measures import ACTIVE, CHURN, DEVIATION, GOALS, MEMBERS, in_order
from qunying.doors.cli.output import Json, emit, emit_table
from qunying.ground.units.models import Unit
from qunying.kit import formats
from qunying.kit.errors import NotFoundError
from qunying.kit.numerals import to_id
from qunying.kit.periods import last_days, parse_period

if TYPE_CHECKING:
    from qunying.check.supervision.board import Line, Stand
    from qunying.check.supervision.measures import Measure

_DAYS = 28


def register(app: typer.Typer) -> None:
    """Add the command `supervision`."""
    app.command("supervision")(supervise)


def supervise(
    *,
    unit: Annotated[str, typer.Option(help="Name or number of a unit; without one, all of them.")] = "",
    period: Annotated[str, typer.Option(help="Such as 2020-W40, 2020-10; without one, the last 28 days.")] = "",
    by: Annotated[Level, typer.Option(help="Which lines.")] = Level.NEXT,
    as_json: Json = False,
) -> None:
    """Units side by side: members, activity, churn, goals, execution deviation; the greatest deviation first."""
    days = parse_period(period) if period else last_days(_DAYS, until=timezone.localdate() - timedelta(days=1))
    board = board_of(realm_in(Unit.objects.all(), _unit(unit) if unit else None), days, level=by)
    placed = in_order(DEVIATION, board.lines, back=True)
    payload = {
        "unit": board.unit and board.unit.name,
        "from": days.start,
        "to": days.end,
        "whole": plain_line(board.whole),
        "lines": [{"place": place, **plain_line(line)} for place, line in placed],
    }
    emit(payload, as_json=as_json, lines=[] if placed else [_("There is nothing below this unit.")])
    if placed and not as_json:
        shown = (MEMBERS, ACTIVE, CHURN, GOALS, DEVIATION)
        emit_table(
            [_("Rank"), _("Unit or community"), *(str(one.label) for one in shown), _("Above what is allowed")],
            ([place, line.name, *(_cell(line, one) for one in shown), _yes(line)] for place, line in placed),
        )


def _unit(text: str) -> Unit:
    found = list(Unit.objects.filter(name=text)[:2])
    if len(found) != 1 and (pk := to_id(text)) is not None:
        found = list(Unit.objects.filter(pk=pk))
    if len(found) > 1:
        raise NotFoundError(_("Several units are named “%(name)s”. Give the number of one.") % {"name": text})
    if not found:
        raise NotFoundError(_("There is no unit “%(name)s”.") % {"name": text})
    return found[0]


def plain_line(line: Line) -> dict[str, Any]:
    """A line as plain data; shares from 0 to 1, money in minor units."""
    return {
        "name": line.name,
        "unit": line.unit and line.unit.pk,
        "community": line.community and line.community.slug,
        "simulated": line.simulated,
        "currency": line.currency,
        "allowed_percent": float(line.limit.percent),
        "flagged": line.flagged,
        **_plain(line.now),
        "before": _plain(line.before),
    }


def _plain(stand: Stand) -> dict[str, Any]:
    head, work, goals = stand.headline, stand.execution, stand.goals
    return {
        "members": head and head.members,
        "active_rate": head and _rate(head.active.value, head.active.numerator, head.active.denominator),
        "churn_rate": head and _rate(head.churn.value, head.churn.numerator, head.churn.denominator),
        "interactions": head and head.interactions,
        "messages": head and head.messages,
        "revenue": head and head.revenue,
        "goals": {"on_course": goals.good, "off_course": goals.risk, "missed": goals.missed, "open": goals.open},
        "work": {
            "due": work.planned,
            "in_time": work.on_time,
            "late": work.late,
            "undone": work.undone,
            "put_off": work.moved,
        },
        "execution_deviation": _rate(work.deviation, work.missed, work.planned),
    }


def _rate(value: float | None, part: int, whole: float) -> dict[str, Any]:
    return {"value": value, "numerator": part, "denominator": whole}


def _cell(line: Line, measure: Measure) -> str:
    value = measure.of(line)
    return formats.percent(value) if measure.form == "rate" else formats.whole(value)


def _yes(line: Line) -> str:
    return f"> {formats.percent(float(line.limit.percent) / 100)}" if line.flagged else ""
