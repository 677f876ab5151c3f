"""The board as a table and a file: columns, order, places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.check.supervision.measures import (
    ACTIVE,
    CHURN,
    DEVIATION,
    GOALS,
    INTERACTIONS,
    MEASURES,
    MEMBERS,
    REVENUE,
    in_order,
)
from qunying.doors.console.check.supervision.words import Cell, cell_of
from qunying.doors.console.lists import Column, Listing
from qunying.kit.formats import major

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import QueryDict

    from qunying.check.supervision.board import Board, Line
    from qunying.check.supervision.measures import Measure
    from qunying.doors.console.check.supervision.choice import Choice
    from qunying.ground.figures.places import Headline

_PLACES = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the board with its place in the order asked for; None where it is too small to have one."""

    place: int | None
    line: Line


@dataclass(frozen=True, slots=True)
class Shown:
    """A row on the page."""

    place: int | None
    line: Line
    address: str
    cells: list[Cell]


def _share(measure: Measure) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        found = measure.of(row.line)
        return None if found is None else round(found, _PLACES)

    return value


def _before(measure: Measure) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        found = measure.value(row.line.before)
        return None if found is None else round(found, _PLACES)

    return value


def _head(pick: Callable[[Headline], object]) -> Callable[[Row], object]:
    return lambda row: pick(row.line.now.headline) if row.line.now.headline else None


def _money(row: Row) -> float | None:
    value, currency = REVENUE.of(row.line), row.line.currency
    return None if value is None or currency is None else float(major(value, currency))


BOARD: Listing[Row] = Listing(
    "supervision",
    _("Supervision"),
    (
        Column("name", _("Unit or community"), lambda row: row.line.name, order=True),
        Column("simulated", _("Simulated"), lambda row: row.line.simulated, shown=False),
        Column("members", MEMBERS.label, _share(MEMBERS), order=True, css="number"),
        Column("members_before", _("Members, period before"), _before(MEMBERS), shown=False),
        Column("active_part", _("Active members"), _head(lambda at: at.active.numerator), shown=False),
        Column(
            "active_whole",
            _("Average members"),
            _head(lambda at: round(at.active.denominator, 1)),
            shown=False,
        ),
        Column("active", ACTIVE.label, _share(ACTIVE), order=True, css="number"),
        Column("active_before", _("Activity rate, period before"), _before(ACTIVE), shown=False),
        Column("acts", _("Interactions"), _head(lambda at: at.interactions), shown=False),
        Column("interactions", INTERACTIONS.label, _share(INTERACTIONS), order=True, css="number"),
        Column("revenue", REVENUE.label, _money, order=True, css="number"),
        Column("currency", _("Currency"), lambda row: row.line.currency or "", shown=False),
        Column("churn_part", _("Members lost"), _head(lambda at: at.churn.numerator), shown=False),
        Column(
            "churn_whole",
            _("Members when the period began"),
            _head(lambda at: at.churn.denominator),
            shown=False,
        ),
        Column("churn", CHURN.label, _share(CHURN), order=True, css="number"),
        Column("churn_before", _("Churn rate, period before"), _before(CHURN), shown=False),
        Column("goals_good", _("Goals on course, number"), lambda row: row.line.now.goals.good, shown=False),
        Column("goals_risk", _("Goals off course"), lambda row: row.line.now.goals.risk, shown=False),
        Column("goals_missed", _("Goals missed"), lambda row: row.line.now.goals.missed, shown=False),
        Column("goals", GOALS.label, _share(GOALS), order=True, css="number"),
        Column("planned", _("Work that was due"), lambda row: row.line.now.execution.planned, shown=False),
        Column("on_time", _("Done in time"), lambda row: row.line.now.execution.on_time, shown=False),
        Column("late", _("Done late"), lambda row: row.line.now.execution.late, shown=False),
        Column("undone", _("Not done"), lambda row: row.line.now.execution.undone, shown=False),
        Column("moved", _("Put off"), lambda row: row.line.now.execution.moved, shown=False),
        Column("deviation", DEVIATION.label, _share(DEVIATION), order=True, css="number"),
        Column("deviation_before", _("Execution deviation, period before"), _before(DEVIATION), shown=False),
        Column("limit", _("Deviation allowed, per cent"), lambda row: float(row.line.limit.percent), shown=False),
        Column("flagged", _("Deviation above what is allowed"), lambda row: row.line.flagged, shown=False),
    ),
    default="-deviation",
)
_BY_NAME = {measure.name: measure for measure in MEASURES}


def rows_of(board: Board, query: QueryDict) -> list[Row]:
    """The lines in the order the address asks for, with their places; those too small to rank come last."""
    order = BOARD.asked(query)
    measure = _BY_NAME.get(order.removeprefix("-"))
    back = order.startswith("-")
    if measure is None:
        lines = sorted(board.lines, key=lambda line: line.name, reverse=back)
        return [Row(None, line) for line in lines]
    return [Row(place, line) for place, line in in_order(measure, board.lines, back=back)]


def shown_rows(rows: Sequence[Row], choice: Choice) -> list[Shown]:
    """Rows with their figures in words."""
    return [
        Shown(row.place, row.line, choice.down(row.line), [cell_of(row.line, one, choice) for one in MEASURES])
        for row in rows
    ]
