"""What stands out on a board, and how its lines spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.check.supervision.measures import DEVIATION, SPREADS, scatter_of
from qunying.doors.console.check.supervision.words import work_words, write
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.check.supervision.board import Board, Line
    from qunying.check.supervision.measures import Measure, Scatter
    from qunying.doors.console.check.supervision.choice import Choice

_MOST = 8
_DOT = 0.015
"""As a share of the strip: dots nearer than this hide one another."""
_HEIGHTS = (18, 8, 28, 13, 23)
_SHARING = 3
_ROOM = 3.0
"""Per cent of the strip left free on either side, so that a dot is never cut."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands out: its level on the ladder, the sentence, where to look."""

    level: str
    words: str
    name: str
    address: str


def findings_of(board: Board, choice: Choice) -> tuple[list[Finding], int]:
    """What stands out, the gravest first, and how many more there are than are shown."""
    found = [*_deviations(board, choice), *_missed(board, choice), *_apart(board, choice)]
    return found[:_MOST], max(0, len(found) - _MOST)


def _deviations(board: Board, choice: Choice) -> Iterator[Finding]:
    flagged = [line for line in board.lines if line.flagged]
    for line in sorted(flagged, key=lambda line: -(line.now.execution.deviation or 0)):
        words = _("Execution deviation %(share)s, above the %(limit)s allowed. %(work)s") % {
            "share": formats.percent(line.now.execution.deviation),
            "limit": formats.percent(float(line.limit.percent) / 100),
            "work": work_words(line),
        }
        yield Finding("warning", words, line.name, choice.down(line))


def _missed(board: Board, choice: Choice) -> Iterator[Finding]:
    for line in board.lines:
        goals = line.now.goals
        if goals.risk + goals.missed:
            words = _("Of %(judged)s goals, %(risk)s are off course and %(missed)s missed.") % {
                "judged": goals.judged,
                "risk": goals.risk,
                "missed": goals.missed,
            }
            yield Finding("attention", words, line.name, choice.down(line))


def _apart(board: Board, choice: Choice) -> Iterator[Finding]:
    """Outliers on the worse side."""
    for measure in SPREADS:
        scatter = scatter_of(measure, board.lines)
        for line in scatter.apart if scatter else ():
            if scatter and _is_worse(line, measure, scatter) and not (measure is DEVIATION and line.flagged):
                words = _("%(figure)s %(value)s lies apart from the others: the middle half is %(low)s to %(high)s.")
                yield Finding("notice", words % _told(line, measure, scatter), line.name, choice.down(line))


def _is_worse(line: Line, measure: Measure, scatter: Scatter) -> bool:
    value = measure.of(line) or 0.0
    return value > scatter.spread.median if measure.better == "down" else value < scatter.spread.median


def _told(line: Line, measure: Measure, scatter: Scatter) -> dict[str, str]:
    return {
        "figure": str(measure.label),
        "value": write(measure.of(line), measure, None),
        "low": write(scatter.spread.lower, measure, None),
        "high": write(scatter.spread.upper, measure, None),
    }


def strips_of(board: Board, choice: Choice) -> list[dict[str, Any]]:
    """One strip of dots for each measure in which at least two lines can be compared."""
    found = [scatter for measure in SPREADS if (scatter := scatter_of(measure, board.lines))]
    return [_strip(scatter, choice) for scatter in found]


def _strip(scatter: Scatter, choice: Choice) -> dict[str, Any]:
    measure, spread = scatter.measure, scatter.spread
    top = spread.high or 1.0

    def at(value: float) -> str:
        # Strips begin at zero, as bars do.
        return f"{_ROOM + value / top * (100 - 2 * _ROOM):.2f}%"

    boxed = spread.lower is not None and spread.upper is not None
    return {
        "label": measure.label,
        "zero": at(0),
        "end": at(top),
        "box": {"x": at(spread.lower), "width": _width(spread.upper - spread.lower, top)} if boxed else None,  # type: ignore[arg-type, operator]
        "median": at(spread.median),
        "dots": _dots(scatter, choice, top),
        "words": _words(scatter),
        "apart": _listed([line.name for line in scatter.apart]),
        "best": _ends(scatter)[0],
        "worst": _ends(scatter)[1],
    }


def _dots(scatter: Scatter, choice: Choice, top: float) -> list[dict[str, Any]]:
    """Dots in order; those that would hide one another stand one above the other."""
    dots: list[dict[str, Any]] = []
    last, crowd = -1.0, 0
    for line in scatter.lines:
        share = (scatter.measure.of(line) or 0.0) / top
        crowd = crowd + 1 if share - last < _DOT else 0
        last = share if crowd == 0 else last
        x = f"{_ROOM + share * (100 - 2 * _ROOM):.2f}%"
        dots.append({**_dot(line, scatter.measure, x, scatter, choice), "y": _HEIGHTS[crowd % len(_HEIGHTS)]})
    return dots


def _width(value: float, top: float) -> str:
    return f"{value / top * (100 - 2 * _ROOM):.2f}%"


def _dot(line: Line, measure: Measure, x: str, scatter: Scatter, choice: Choice) -> dict[str, Any]:
    bad = line.flagged if measure is DEVIATION else line in scatter.apart and _is_worse(line, measure, scatter)
    title = _("%(name)s: %(value)s") % {"name": line.name, "value": write(measure.of(line), measure, None)}
    return {"x": x, "title": title, "address": choice.down(line), "bad": bad}


def _words(scatter: Scatter) -> str:
    measure, spread = scatter.measure, scatter.spread
    told = {name: write(getattr(spread, name), measure, None) for name in ("low", "lower", "median", "upper", "high")}
    if spread.lower is None:
        return _("%(low)s to %(high)s, the middle one %(median)s") % told
    return _("%(low)s to %(high)s, the middle half %(lower)s to %(upper)s, the middle one %(median)s") % told


def _ends(scatter: Scatter) -> tuple[str, str]:
    """The best and the worst lines by name; '' where all are equal, or more than three share an end."""
    if scatter.spread.low == scatter.spread.high:
        return "", ""
    first, last = _at(scatter, scatter.spread.low), _at(scatter, scatter.spread.high)
    return (first, last) if scatter.measure.better == "down" else (last, first)


def _at(scatter: Scatter, value: float) -> str:
    names = [line.name for line in scatter.lines if scatter.measure.of(line) == value]
    return _listed(names) if len(names) <= _SHARING else ""


def _listed(names: list[str]) -> str:
    return ("、" if formats.tongue() == "zh" else ", ").join(names)
