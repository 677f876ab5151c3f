"""Lines over time: one or more metrics, the period before, weekends behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.doors.console.ground.figures.asking import ask, ask_all, ask_before
from qunying.doors.console.ground.figures.calendar import free_stretches
from qunying.doors.console.ground.figures.panel import Cell, Panel
from qunying.doors.console.ground.figures.spans import Span, gather, grain_of, long_label, short_label, spans_of
from qunying.doors.console.ground.figures.words import shown, write
from qunying.ground.figures.recorded import GAPS, gap_of
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.figures.recorded import Gap
    from qunying.ground.figures.results import Figure
    from qunying.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: a metric with its parameters, under a name."""

    metric: str
    label: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines with their values, point by point: what chart, table and sentence are made from."""

    choice: Choice
    lines: list[Line]
    spans: list[Span]
    labels: list[str]
    values: list[list[float | None]]
    compared: tuple[str, list[float | None]] | None

    @property
    def form(self) -> str:
        """How the values are written; the same for all lines of a chart."""
        return shown(self.lines[0].metric).form


def line_panel(choice: Choice, name: str, title: str, lines: list[Line], *, kind: str = "line") -> Panel:
    """A chart of these lines over the period, with the comparison where there is one line."""
    spans = spans_of(choice.period)
    grain = grain_of(choice.period)
    found = [(line, ask(choice, line.metric, **line.params)) for line in lines]
    gaps = {line.label: gap for line, figure in found if (gap := _never(figure))}
    if len(gaps) == len(lines):
        return Panel(name, title, "", empty=str(GAPS[next(iter(gaps.values()))]))
    found = [(line, figure) for line, figure in found if line.label not in gaps]
    lines = [line for line, _figure in found]
    drawing = Drawing(
        choice=choice,
        lines=lines,
        spans=spans,
        labels=[long_label(span, grain) for span in spans],
        values=[_values(figure, spans) for _line, figure in found],
        compared=_compared(choice, lines[0], spans) if len(lines) == 1 else None,
    )
    has = any(value for row in drawing.values for value in row)
    compared = [drawing.compared[0]] if drawing.compared else []
    return Panel(
        name=name,
        title=title,
        summary=_summary(drawing) if has else "",
        columns=[_grain_word(grain), *(line.label for line in lines), *compared],
        rows=_rows(drawing),
        chart=_chart(drawing, grain, kind) if has else None,
        note=formats.sentences([words for words in (_note(grain, lines), *_never_words(gaps)) if words]),
        empty="" if has else _("Nothing of this kind happened in these days."),
    )


def _never(figure: Figure) -> Gap | None:
    """What of the line was never recorded here: a flat line at zero would say that nobody did it."""
    return None if any(row["value"] for row in figure.rows) else gap_of(figure)


def _never_words(gaps: Mapping[str, Gap]) -> list[str]:
    """Which lines are not drawn, and why."""
    return [_("“%(line)s” is not drawn: nothing of it was ever recorded here.") % {"line": label} for label in gaps]


def _chart(drawing: Drawing, grain: str, kind: str) -> dict[str, Any]:
    """What charts.js draws."""
    choice, spans, form = drawing.choice, drawing.spans, drawing.form
    manner = shown(drawing.lines[0].metric)
    compared = drawing.compared
    return {
        "kind": kind,
        "labels": [short_label(span, grain) for span in spans],
        "long": drawing.labels,
        "unit": _unit(form, manner.unit, choice),
        "form": form,
        "series": [
            {
                "name": line.label,
                "values": _drawn(row, form, choice),
                "addresses": [_behind(choice, line, span.period) for span in spans],
            }
            for line, row in zip(drawing.lines, drawing.values, strict=True)
        ],
        "compare": compared and {"name": compared[0], "values": _drawn(compared[1], form, choice)},
        "unfinished": [place for place, span in enumerate(spans) if not span.whole] if manner.total else [],
        "shade": free_stretches([span.period.start for span in spans], choice.zone) if grain == "day" else [],
    }


def _values(figure: Figure, spans: list[Span]) -> list[float | None]:
    by_day = {row["day"]: row["value"] for row in figure.rows}
    return gather(by_day, spans, total=shown(figure.metric).total)


def _compared(choice: Choice, line: Line, spans: list[Span]) -> tuple[str, list[float | None]] | None:
    """The grey line: the period before day by day, or the organisation's average community."""
    if (before := ask_before(choice, line.metric, **line.params)) is not None:
        values = _values(before, spans_of(choice.period.previous))
        values = values[: len(spans)] + [None] * (len(spans) - len(values))
        return _("Period before"), values
    if (everyone := ask_all(choice, line.metric, **line.params)) is not None:
        values = _values(everyone, spans)
        if shown(line.metric).form == "rate":
            return _("Whole organisation"), values
        size = len(everyone.scope.communities)
        return _("Average community"), [None if value is None else value / size for value in values]
    return None


def _drawn(values: list[float | None], form: str, choice: Choice) -> list[float | None]:
    if form == "rate":
        return [None if value is None else round(value * 100, 2) for value in values]
    if form == "money" and choice.currency:
        currency = choice.currency
        return [None if value is None else float(formats.major(value, currency)) for value in values]
    return [None if value is None else round(value, 2) for value in values]


def _unit(form: str, unit: str, choice: Choice) -> str:
    if form == "rate":
        return "%"
    return choice.currency or "" if form == "money" else unit


def _behind(choice: Choice, line: Line, period: Period) -> str:
    """The drawer of a line for some of its days."""
    changes = {f"p.{name}": value for name, value in line.params.items()}
    days = {"period": None, "from": period.start.isoformat(), "to": period.end.isoformat()}
    return choice.address("figure", line.metric, **days, **changes)


def _rows(drawing: Drawing) -> list[list[Cell]]:
    """The table, latest first."""
    choice, form = drawing.choice, drawing.form
    rows = []
    for place in reversed(range(len(drawing.spans))):
        cells = [Cell(drawing.labels[place], number=False)]
        for line, row in zip(drawing.lines, drawing.values, strict=True):
            text = write(row[place], form, currency=choice.currency, exact=True)
            cells.append(Cell(text, _behind(choice, line, drawing.spans[place].period) if row[place] else ""))
        if drawing.compared:
            other = drawing.compared[1][place]
            cells.append(Cell(write(other, form, currency=choice.currency, exact=True), faint=True))
        rows.append(cells)
    return rows


def _summary(drawing: Drawing) -> str:
    """The chart in words: for each line its middle and its top."""
    form = "mean" if drawing.form == "count" else drawing.form
    currency = drawing.choice.currency
    parts = []
    for line, row in zip(drawing.lines, drawing.values, strict=True):
        known = [(value, label) for value, label in zip(row, drawing.labels, strict=True) if value is not None]
        if not known:
            continue
        top, when = max(known, key=lambda pair: pair[0])
        mean = sum(value for value, _label in known) / len(known)
        parts.append(
            _("%(name)s: %(mean)s on average, at most %(top)s on %(when)s.")
            % {
                "name": line.label,
                "mean": write(mean, form, currency=currency),
                "top": write(top, form, currency=currency),
                "when": when,
            }
        )
    return formats.sentences(parts)


def _grain_word(grain: str) -> str:
    return {"day": _("Day"), "week": _("Week"), "month": _("Month")}[grain]


def _note(grain: str, lines: list[Line]) -> str:
    if grain == "day":
        return ""
    total = shown(lines[0].metric).total
    if grain == "week":
        return _("Each point is the sum of a week.") if total else _("Each point is the mean day of a week.")
    return _("Each point is the sum of a month.") if total else _("Each point is the mean day of a month.")
