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
from qunying.kit import formats

if TYPE_CHECKING:
    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.figures.results import Figure
    from qunying.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: a metric with its parameters, under a name."""

    metric: str
    label: str
    params: dict[str, Any] = field(default_factory=dict)


def line_panel(choice: Choice, name: str, title: str, lines: list[Line], *, kind: str = "line") -> Panel:
    """A chart of these lines over the period, with the comparison where there is one line."""
    spans = spans_of(choice.period)
    grain = grain_of(choice.period)
    manner = shown(lines[0].metric)
    figures = [ask(choice, line.metric, **line.params) for line in lines]
    values = [_values(figure, spans) for figure in figures]
    compared = _compared(choice, lines[0], spans) if len(lines) == 1 else None
    labels = [long_label(span, grain) for span in spans]
    chart = {
        "kind": kind,
        "labels": [short_label(span, grain) for span in spans],
        "long": labels,
        "unit": _unit(manner.form, manner.unit, choice),
        "form": manner.form,
        "series": [
            {"name": line.label, "values": _drawn(row, manner.form, choice), "addresses": _addresses(choice, line, spans)}
            for line, row in zip(lines, values, strict=True)
        ],
        "compare": compared and {"name": compared[0], "values": _drawn(compared[1], manner.form, choice)},
        "unfinished": [place for place, span in enumerate(spans) if not span.whole] if manner.total else [],
        "shade": free_stretches([span.period.start for span in spans], choice.zone) if grain == "day" else [],
        "shadeName": _("weekend or holiday"),
    }
    has = any(value for row in values for value in row)
    return Panel(
        name=name,
        title=title,
        summary=_summary(lines, figures, values, labels, choice, grain),
        columns=[_grain_word(grain), *(line.label for line in lines), *([compared[0]] if compared else [])],
        rows=_rows(choice, lines, spans, labels, values, compared),
        chart=chart if has else None,
        note=_note(grain, lines),
        empty="" if has else _("Nothing of this kind happened in these days."),
    )


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


def _unit(form: str, unit: Any, choice: Choice) -> str:
    if form == "rate":
        return "%"
    return choice.currency or "" if form == "money" else str(unit)


def _behind(choice: Choice, line: Line, period: Period) -> str:
    """The drawer of a line for some of its days."""
    changes = {f"p.{name}": value for name, value in line.params.items()}
    days = {"period": None, "from": period.start.isoformat(), "to": period.end.isoformat()}
    return choice.address("figure", line.metric, **days, **changes)


def _addresses(choice: Choice, line: Line, spans: list[Span]) -> list[str]:
    return [_behind(choice, line, span.period) for span in spans]


def _rows(  # noqa: PLR0913 - the parts of one table
    choice: Choice,
    lines: list[Line],
    spans: list[Span],
    labels: list[str],
    values: list[list[float | None]],
    compared: tuple[str, list[float | None]] | None,
) -> list[list[Cell]]:
    form = shown(lines[0].metric).form
    rows = []
    for place in reversed(range(len(spans))):
        cells = [Cell(labels[place], number=False)]
        for line, row in zip(lines, values, strict=True):
            text = write(row[place], form, currency=choice.currency, exact=True)
            cells.append(Cell(text, _behind(choice, line, spans[place].period) if row[place] else ""))
        if compared:
            cells.append(Cell(write(compared[1][place], form, currency=choice.currency, exact=True), faint=True))
        rows.append(cells)
    return rows


def _summary(  # noqa: PLR0913 - what one sentence is made of
    lines: list[Line],
    figures: list[Figure],
    values: list[list[float | None]],
    labels: list[str],
    choice: Choice,
    grain: str,
) -> str:
    """The chart in words: for each line its middle and its top."""
    parts = []
    for line, row in zip(lines, values, strict=True):
        known = [(value, label) for value, label in zip(row, labels, strict=True) if value is not None]
        if not known:
            continue
        form = shown(line.metric).form
        form = "mean" if form == "count" else form
        mean = sum(value for value, _label in known) / len(known)
        top, when = max(known)
        words = {
            "name": line.label,
            "mean": write(mean, form, currency=choice.currency),
            "top": write(top, form, currency=choice.currency),
            "when": when,
            "grain": _grain_word(grain),
        }
        parts.append(_("%(name)s: %(mean)s on average, at most %(top)s on %(when)s.") % words)
    return " ".join(parts) if formats.tongue() == "en" else "".join(parts)


def _grain_word(grain: str) -> str:
    return {"day": _("Day"), "week": _("Week"), "month": _("Month")}[grain]


def _note(grain: str, lines: list[Line]) -> str:
    if grain == "day":
        return ""
    total = shown(lines[0].metric).total
    if grain == "week":
        return _("Each point is the sum of a week.") if total else _("Each point is the mean day of a week.")
    return _("Each point is the sum of a month.") if total else _("Each point is the mean day of a month.")
