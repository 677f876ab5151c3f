"""Where active people come from and go: new, returning, resurrecting, dormant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.doors.console.ground.figures.asking import ask
from qunying.doors.console.ground.figures.cards import Card
from qunying.doors.console.ground.figures.panel import Cell, Panel
from qunying.doors.console.ground.figures.spans import Span, long_label, short_label
from qunying.doors.console.ground.figures.switches import Switch
from qunying.doors.console.ground.figures.words import signed
from qunying.kit import formats
from qunying.kit.periods import Period, month_of, week_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qunying.doors.console.ground.figures.scope import Choice

STATES = {
    "new": (gettext_lazy("New"), "series-1", "up"),
    "returning": (gettext_lazy("Returning"), "series-2", "up"),
    "resurrecting": (gettext_lazy("Resurrecting"), "series-3", "up"),
    "dormant": (gettext_lazy("Gone quiet"), "series-8", "down"),
}
GRAINS = {"day": gettext_lazy("Days"), "week": gettext_lazy("Weeks"), "month": gettext_lazy("Months")}
_GRAIN = Switch("lifecycle", "lifecycle-stack", gettext_lazy("Intervals"), "grain", GRAINS, "week")


def cycle_cards(choice: Choice, query: Mapping[str, str]) -> list[Card]:
    """Each state in the last interval that is over, against the one before it."""
    grain = _GRAIN.chosen(query)
    over = [row for row in ask(choice, "lifecycle", grain=grain).rows if row["finished"]]
    return [_card(choice, grain, state, over) for state in STATES] if over else []


def _card(choice: Choice, grain: str, state: str, over: list[dict[str, Any]]) -> Card:
    label, _colour, better = STATES[state]
    last, before = over[-1], over[-2] if len(over) > 1 else None
    moved = last[state] - before[state] if before else 0
    direction = "up" if moved > 0 else "down" if moved < 0 else "flat"
    words = {
        "day": _("%(change)s vs the day before"),
        "week": _("%(change)s vs the week before"),
        "month": _("%(change)s vs the month before"),
    }[grain]
    return Card(
        label=str(label),
        value=formats.short(last[state]),
        exact=formats.whole(last[state]),
        address=_behind(choice, grain, state, last["start"]),
        change=words % {"change": signed(moved)} if before else "",
        direction=direction if before else "",
        tone="plain" if not moved else "good" if direction == better else "bad",
        line=[row[state] for row in over],
        note=_label(last["start"], grain),
    )


def cycle_panel(choice: Choice, query: Mapping[str, str], *, name: str) -> Panel:
    """Stacked bars: who is active above the line, who fell silent below it."""
    grain = _GRAIN.chosen(query)
    rows = ask(choice, "lifecycle", grain=grain).rows
    has = any(row[state] for row in rows for state in STATES)
    spans = [_span(row["start"], grain) for row in rows]
    chart = {
        "kind": "stack",
        "form": "count",
        "unit": _("people"),
        "labels": [short_label(span, grain) for span in spans],
        "long": [_label(row["start"], grain) + ("" if row["finished"] else _(" (not over yet)")) for row in rows],
        "series": [
            {
                "name": str(label),
                "colour": colour,
                "below": state == "dormant",
                "values": [-row[state] if state == "dormant" else row[state] for row in rows],
                "addresses": [_behind(choice, grain, state, row["start"]) for row in rows],
            }
            for state, (label, colour, _better) in STATES.items()
        ],
        "compare": None,
        "below": True,
        "unfinished": [place for place, row in enumerate(rows) if not row["finished"]],
        "shade": [],
    }
    return Panel(
        name=name,
        title=_("Who is new, who comes back, who goes quiet?"),
        summary=_words(rows, grain),
        columns=[_("Interval"), *(str(label) for label, _colour, _better in STATES.values())],
        rows=[_row(choice, grain, row) for row in reversed(rows)],
        chart=chart if has else None,
        note=_("Hatched: not over yet.") if chart["unfinished"] else "",
        switches=[_GRAIN.drawn(choice, here=grain)],
        empty="" if has else _("Nothing of this kind happened in these days."),
    )


def _row(choice: Choice, grain: str, row: dict[str, Any]) -> list[Cell]:
    cells = [Cell(_label(row["start"], grain), number=False)]
    for state in STATES:
        address = _behind(choice, grain, state, row["start"]) if row[state] else ""
        cells.append(Cell(formats.whole(row[state]), address, faint=not row["finished"]))
    return cells


def _behind(choice: Choice, grain: str, state: str, start: date) -> str:
    return choice.address("figure", "lifecycle", **{"p.grain": grain, "c.state": state, "c.start": start.isoformat()})


def _span(start: date, grain: str) -> Span:
    return Span({"week": week_of, "month": month_of}[grain](start) if grain != "day" else Period(start, start))


def _label(start: date, grain: str) -> str:
    return f"{start.year}-{start.month:02d}" if grain == "month" else long_label(_span(start, grain), grain)


def _words(rows: list[dict[str, Any]], grain: str) -> str:
    over = [row for row in rows if row["finished"]]
    if not over:
        return _("No interval of these days is over yet.")
    last = over[-1]
    words = {state: formats.whole(last[state]) for state in STATES} | {"when": _label(last["start"], grain)}
    return (
        _("%(when)s: %(new)s new, %(returning)s returning, %(resurrecting)s resurrecting; %(dormant)s went quiet.")
        % words
    )
