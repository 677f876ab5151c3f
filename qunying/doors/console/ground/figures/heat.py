"""Heat maps that carry their numbers: the hours of a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.doors.console.ground.figures.asking import ask
from qunying.doors.console.ground.figures.panel import Cell, Panel, heat_of
from qunying.ground.figures.recorded import GAPS, gap_of
from qunying.ground.figures.results import SMALL
from qunying.kit import formats

if TYPE_CHECKING:
    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.figures.results import Figure

_DAYS = range(1, 8)
_HOURS = range(24)


def hours_panel(choice: Choice, name: str, title: str, *, grade: str) -> Panel:
    """Acts by weekday and hour as a table of 7 × 24 that is its own picture."""
    figure = ask(choice, "activity_hours", grade=grade)
    found = {(row["weekday"], row["hour"]): row["value"] for row in figure.rows}
    top = max(found.values(), default=0)
    rows = []
    for weekday in _DAYS:
        cells = [Cell(formats.weekday_name(weekday - 1), number=False)]
        for hour in _HOURS:
            value = found.get((weekday, hour), 0)
            address = _behind(choice, grade, weekday, hour) if value else ""
            words = _("%(day)s, %(hour)s to %(next)s: %(number)s") % {
                "day": formats.weekday_name(weekday - 1),
                "hour": f"{hour:02d}:00",
                "next": f"{hour + 1:02d}:00",
                "number": formats.whole(value),
            }
            cells.append(Cell(_tight(value), address, heat=heat_of(value, top), title=words))
        rows.append(cells)
    return Panel(
        name=name,
        title=title,
        summary="" if _empty(found, top) else _summary(found, top),
        columns=[_("Hour"), *(str(hour) for hour in _HOURS)],
        rows=rows,
        kind="heat",
        empty=_never(figure) or _empty(found, top),
    )


def _never(figure: Figure) -> str:
    """That nothing of the kind was ever recorded here; empty where it was."""
    gap = gap_of(figure) if not any(row["value"] for row in figure.rows) else None
    return str(GAPS[gap]) if gap else ""


def _empty(found: dict[tuple[int, int], int], top: int) -> str:
    """Why there is no picture: nothing happened, or only days were recorded, which all lie at midnight then."""
    if not top:
        return _("Nothing of this kind happened in these days.")
    if sum(found.values()) >= SMALL and all(hour == 0 for (_weekday, hour), value in found.items() if value):
        return _("Only days were recorded here, no times of day, so the hours cannot be told.")
    return ""


def _behind(choice: Choice, grade: str, weekday: int, hour: int) -> str:
    return choice.address("figure", "activity_hours", **{"p.grade": grade, "c.weekday": weekday, "c.hour": hour})


def _tight(value: int) -> str:
    """A number that fits into a narrow cell: 1.2k."""
    if value < 1000:  # noqa: PLR2004 - four digits no longer fit
        return str(value) if value else ""
    return f"{value / 1000:.0f}k" if value >= 10_000 else f"{value / 1000:.1f}k"  # noqa: PLR2004


def _summary(found: dict[tuple[int, int], int], top: int) -> str:
    if not top:
        return ""
    weekday, hour = max(found, key=lambda cell: found[cell])
    total = sum(found.values())
    evening = sum(value for (_day, hour), value in found.items() if hour >= 18)  # noqa: PLR2004 - from six on
    return _("Busiest: %(day)s from %(hour)s (%(top)s). After 18:00 comes %(share)s of everything.") % {
        "day": formats.weekday_name(weekday - 1),
        "hour": f"{hour:02d}:00",
        "top": formats.whole(top),
        "share": formats.percent(evening / total),
    }
