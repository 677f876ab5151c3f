"""One cell of a figure: which row it is, its own value, and what it is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.doors.console.ground.figures.cycle import STATES
from qunying.doors.console.ground.figures.staying import MODES
from qunying.doors.console.ground.figures.steps import label_of
from qunying.doors.console.ground.figures.words import GRADES
from qunying.kit import formats
from qunying.kit.errors import NotFoundError
from qunying.kit.stats import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.figures.results import Figure


def read_cell(given: Mapping[str, str]) -> dict[str, Any]:
    """Coordinates as rows hold them: a whole number, a day, or a word."""
    return {name: _typed(value) for name, value in given.items()}


def _typed(text: str) -> Any:
    if text.lstrip("-").isdigit():
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def figure_of(figure: Figure, cell: Mapping[str, Any]) -> Figure:
    """The figure with the value, numerator, denominator and interval of one cell; raises NotFoundError."""
    if not cell:
        return figure
    where = {name: value for name, value in cell.items() if name != "state"}
    row = next((row for row in figure.rows if all(row.get(name) == value for name, value in where.items())), None)
    if row is None:
        raise NotFoundError(_("There is no such cell in this figure."))
    value = row.get(cell.get("state", "value"))
    part, whole = row.get("numerator"), row.get("denominator")
    if figure.metric == "funnel":
        part, whole, value = row["value"], figure.rows[0]["value"], row["share"]
    if whole is None:
        return replace(figure, value=value, numerator=part or value, denominator=None, interval=None)
    interval = wilson(part, whole) if part is not None and part <= whole else None
    return replace(figure, value=value, numerator=part, denominator=whole, interval=interval)


def words_for(cell: Mapping[str, Any], figure: Figure) -> str:
    """What a cell is called, for the head of the drawer."""
    parts = []
    if "cohort" in cell:
        parts.append(_("joined from %(day)s") % {"day": formats.day(cell["cohort"], weekday=False)})
    if "age" in cell:
        word = _("month %(n)s after") if figure.params.get("grain") == "month" else _("week %(n)s after")
        parts.append(word % {"n": cell["age"]})
    if "start" in cell:
        parts.append(_("from %(day)s") % {"day": formats.day(cell["start"], weekday=False)})
    if cell.get("state") in STATES:
        parts.append(str(STATES[cell["state"]][0]))
    if "weekday" in cell:
        parts.append(formats.weekday_name(cell["weekday"] - 1))
    if "hour" in cell:
        parts.append(f"{cell['hour']:02d}:00–{cell['hour'] + 1:02d}:00")
    if "step" in cell:
        step = figure.rows[cell["step"] - 1]["name"]
        parts.append(_("step %(n)s: %(name)s") % {"n": cell["step"], "name": label_of(step)})
    return " · ".join(parts)


def words_for_params(params: Mapping[str, Any]) -> str:
    """The parameters that tell one figure of a metric from another, in words."""
    parts = []
    if params.get("grade") in GRADES:
        parts.append(str(GRADES[params["grade"]]))
    if params.get("mode") in MODES:
        parts.append(str(MODES[params["mode"]]))
    if "day" in params:
        parts.append(_("day %(n)s") % {"n": params["day"]})
    return " · ".join(parts)
