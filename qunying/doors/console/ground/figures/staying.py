"""Who stayed: the retention curve and the triangle of cohorts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.doors.console.ground.figures.asking import ask, ask_all, ask_before
from qunying.doors.console.ground.figures.cards import make_card
from qunying.doors.console.ground.figures.panel import Cell, Panel, heat_of
from qunying.doors.console.ground.figures.switches import Switch
from qunying.ground.figures.recorded import orders_alone
from qunying.ground.figures.results import SMALL
from qunying.kit import formats
from qunying.kit.periods import last_days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from qunying.doors.console.ground.figures.cards import Card
    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.figures.results import Figure

MODES = {
    "nday": gettext_lazy("On the day"),
    "bounded": gettext_lazy("Up to the day"),
    "rolling": gettext_lazy("That day or later"),
}
GRAINS = {"week": gettext_lazy("Weeks"), "month": gettext_lazy("Months")}
_MODE = Switch("retention", "retention-curve", gettext_lazy("How a return is counted"), "mode", MODES, "nday")
_GRAIN = Switch("retention", "retention-cohorts", gettext_lazy("Cohorts by"), "grain", GRAINS, "week")
_DAYS = 30
_FLEET_DAYS = 90
_AGES = 13


def retention_cards(choice: Choice) -> list[Card]:
    """Day 1, 7 and 30."""
    return [
        make_card(choice, "retention", label=_("Back on day %(day)s") % {"day": day}, day=day) for day in (1, 7, 30)
    ]


def longer(choice: Choice) -> Choice:
    """The choice over at least 90 days that end with the period: a month of newcomers has no day 30 yet."""
    if choice.period.days >= _FLEET_DAYS:
        return choice
    period = last_days(_FLEET_DAYS, until=choice.period.end)
    days = (("from", period.start.isoformat()), ("to", period.end.isoformat()))
    kept = tuple(pair for pair in choice.kept if pair[0] not in {"from", "to", "period"}) + days
    return replace(choice, period=period, preset="", kept=kept)


def curve_panel(choice: Choice, query: Mapping[str, str], *, name: str, title: str, switches: bool) -> Panel:
    """The share of newcomers who are back, from day 1 to day 30."""
    mode = _MODE.chosen(query)
    figure = ask(choice, "retention", mode=mode, day=_DAYS)
    rows = figure.rows[1:]
    other = _other(choice, mode)
    addresses = [_behind(choice, mode, row["n"]) for row in rows]
    has = any(row["denominator"] for row in rows)
    chart = {
        "kind": "line",
        "form": "rate",
        "unit": "%",
        "labels": [str(row["n"]) for row in rows],
        "long": [_long(row) for row in rows],
        "axis": _("days since joining"),
        "series": [
            {
                "name": str(MODES[mode]) if switches else _("Retention"),
                "values": [_drawn(row["value"]) for row in rows],
                "addresses": addresses,
                "softFrom": next((at for at, row in enumerate(rows) if row["denominator"] < SMALL), None),
            }
        ],
        "compare": other and {"name": other[0], "values": [_drawn(row["value"]) for row in other[1].rows[1:]]},
        "unfinished": [],
        "shade": [],
    }
    return Panel(
        name=name,
        title=title,
        summary=_curve_words(choice, figure),
        columns=[_("Day"), _("Retention"), _("Came back"), _("Whose day is over"), *([other[0]] if other else [])],
        rows=[_curve_row(row, address, other) for row, address in zip(rows, addresses, strict=True)],
        chart=chart if has else None,
        note=formats.sentences([words for words in (_curve_note(rows), _bought(choice)) if words]),
        switches=[_MODE.drawn(choice, here=mode)] if switches else (),
        empty="" if has else _("Nobody joined in these days, or their first day is not over yet."),
    )


def _other(choice: Choice, mode: str) -> tuple[str, Figure] | None:
    if before := ask_before(choice, "retention", mode=mode, day=_DAYS):
        return _("Period before"), before
    if everyone := ask_all(choice, "retention", mode=mode, day=_DAYS):
        return _("Whole organisation"), everyone
    return None


def _behind(choice: Choice, mode: str, day: int) -> str:
    return choice.address("figure", "retention", **{"p.mode": mode, "p.day": day})


def _drawn(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)


def _long(row: dict[str, Any]) -> str:
    return _("Day %(day)s: %(part)s of %(whole)s") % {
        "day": row["n"],
        "part": formats.whole(row["numerator"]),
        "whole": formats.whole(row["denominator"]),
    }


def _curve_row(row: dict[str, Any], address: str, other: tuple[str, Figure] | None) -> list[Cell]:
    faint = row["denominator"] < SMALL
    cells = [
        Cell(_("Day %(day)s") % {"day": row["n"]}, number=False),
        Cell(formats.percent(row["value"]), address if row["denominator"] else "", faint=faint),
        Cell(formats.whole(row["numerator"]), faint=faint),
        Cell(formats.whole(row["denominator"]), faint=faint),
    ]
    if other:
        cells.append(Cell(formats.percent(other[1].rows[row["n"]]["value"]), faint=True))
    return cells


def _curve_words(choice: Choice, figure: Figure) -> str:
    joined = figure.rows[0]["denominator"] + figure.rows[0]["waiting"]
    parts = [
        _("%(number)s people joined from %(from)s to %(to)s.")
        % {
            "number": formats.whole(joined),
            "from": formats.day(choice.period.start, weekday=False),
            "to": formats.day(choice.period.end, weekday=False),
        }
    ]
    found = [(day, figure.rows[day]["value"]) for day in (1, 7, _DAYS) if figure.rows[day]["value"] is not None]
    parts += [_("Day %(day)s: %(share)s.") % {"day": day, "share": formats.percent(share)} for day, share in found]
    return formats.sentences(parts)


def _curve_note(rows: list[dict[str, Any]]) -> str:
    weak = next((row["n"] for row in rows if row["denominator"] < SMALL), None)
    if weak is None:
        return ""
    return _("From day %(day)s on it rests on fewer than %(small)s people: dashed, read with care.") % {
        "day": weak,
        "small": SMALL,
    }


def _bought(choice: Choice) -> str:
    """What staying means where nothing but orders is recorded; empty elsewhere."""
    if not orders_alone(choice.scope):
        return ""
    return _("Only orders are recorded here: people count as coming with their first, and as back when they buy again.")


def cohorts_panel(choice: Choice, query: Mapping[str, str], *, name: str) -> Panel:
    """The triangle: each row those who joined together, each column an interval later."""
    grain = _GRAIN.chosen(query)
    figure = ask(choice, "cohorts", grain=grain)
    by_cohort: dict[date, list[dict[str, Any]]] = {}
    for row in figure.rows:
        by_cohort.setdefault(row["cohort"], []).append(row)
    width = min(_AGES, max((len(rows) for rows in by_cohort.values()), default=0))
    later = [row["value"] for row in figure.rows if row["age"] and row["value"] is not None]
    top = max(later, default=0.0)
    rows = [_cohort_row(choice, grain, cells, width=width, top=top) for cells in by_cohort.values()]
    has = any(row["denominator"] for row in figure.rows)
    word = _("Week %(n)s") if grain == "week" else _("Month %(n)s")
    return Panel(
        name=name,
        title=_("Which newcomers stay longest?"),
        summary=_cohort_words(figure, grain),
        columns=[_("Joined"), _("People"), *(word % {"n": age} for age in range(width))],
        rows=rows,
        note=formats.sentences(
            [
                words
                for words in (_("In grey: fewer than %(small)s people.") % {"small": SMALL}, _bought(choice))
                if words
            ]
        ),
        kind="cohorts",
        switches=[_GRAIN.drawn(choice, here=grain)],
        empty="" if has else _("Nobody joined in these days."),
    )


def _cohort_row(choice: Choice, grain: str, cells: list[dict[str, Any]], *, width: int, top: float) -> list[Cell]:
    cohort, size = cells[0]["cohort"], cells[0]["denominator"]
    label = f"{cohort.year}-{cohort.month:02d}" if grain == "month" else formats.day(cohort, weekday=False)
    line = [Cell(label, number=False), Cell(formats.whole(size))]
    line += [_cohort_cell(choice, grain, row, top=top) for row in cells[:width]]
    return line + [Cell("")] * (width + 2 - len(line))


def _cohort_cell(choice: Choice, grain: str, row: dict[str, Any], *, top: float) -> Cell:
    size = row["denominator"]
    words = _("%(part)s of %(whole)s") % {"part": formats.whole(row["numerator"]), "whole": formats.whole(size)}
    if not row["finished"]:
        return Cell("", unfinished=True, title=_("%(words)s so far, not over yet") % {"words": words})
    if not size:
        return Cell("")
    where = {"p.grain": grain, "c.cohort": row["cohort"].isoformat(), "c.age": row["age"]}
    return Cell(
        formats.percent(row["value"], decimals=0),
        choice.address("figure", "cohorts", **where) if row["numerator"] else "",
        heat=_shade(row["value"], top, size),
        faint=size < SMALL,
        title=words,
    )


def _shade(share: float | None, top: float, size: int) -> int | None:
    """Few people get pale colours only, so that nobody reads much into them."""
    heat = heat_of(share, top)
    return heat if heat is None or size >= SMALL else (heat + 1) // 2


def _cohort_words(figure: Figure, grain: str) -> str:
    if figure.value is None:
        return _("No cohort is old enough yet.")
    words = {"share": formats.percent(figure.value), "whole": formats.whole(figure.denominator)}
    if grain == "week":
        return _("In the week after they joined, %(share)s of %(whole)s people were active.") % words
    return _("In the month after they joined, %(share)s of %(whole)s people were active.") % words
