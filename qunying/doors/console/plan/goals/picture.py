"""The chart of one goal: what was, the straight path, the forecast with its band, revisions and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.alerts.levels import LOOKS as ALERT_LOOKS
from qunying.check.alerts.levels import Level
from qunying.check.tracking.outlooks import history_of
from qunying.check.tracking.paths import path_of
from qunying.doors.console.ground.figures.panel import Cell, Panel
from qunying.kit import formats
from qunying.kit.periods import Period
from qunying.plan.goals.amounts import UNITS, shown
from qunying.plan.goals.measuring import line_of
from qunying.plan.goals.models import Goal
from qunying.plan.goals.readings import Reading, reading_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qunying.check.alerts.models import Alert
    from qunying.check.tracking.models import Standing

_DAY = timedelta(days=1)
_BEFORE = 28


@dataclass(frozen=True, slots=True)
class Picture:
    """The lines of a goal by local day; a day without a value is missing."""

    goal: Goal
    days: list[date]
    actual: Mapping[date, float]
    path: Mapping[date, float]
    outlook: dict[str, Any]

    @property
    def foretold(self) -> dict[date, tuple[float, float, float]]:
        """Day → point, low, high of the forecast."""
        lines = (self.outlook.get(name, []) for name in ("days", "points", "lows", "highs"))
        return {date.fromisoformat(day): (point, low, high) for day, point, low, high in zip(*lines, strict=True)}


def picture_of(goal: Goal, standing: Standing | None) -> Picture:
    """The lines, from four weeks before the goal began (totals: from its beginning) to its due day."""
    total = reading_of(goal.metric) is Reading.TOTAL
    first = goal.start if total else goal.start - _BEFORE * _DAY
    until = min(standing.facts_until or standing.day, goal.due) if standing else None
    actual = _actual(goal, first, until) if until and until >= first else {}
    path = path_of(goal)
    span = [goal.start + offset * _DAY for offset in range(goal.span.days)]
    return Picture(
        goal=goal,
        days=[first + offset * _DAY for offset in range((goal.due - first).days + 1)],
        actual=actual,
        path={day: path.at(day) for day in span} if path else {},
        outlook=(standing.outlook or {}) if standing else {},
    )


def _actual(goal: Goal, first: date, until: date) -> dict[date, float]:
    if reading_of(goal.metric) is Reading.TOTAL:
        spots = line_of(goal, Period(first, until))
        return dict(zip((spot.day for spot in spots), accumulate(spot.value for spot in spots), strict=True))
    if goal.by_hand:
        return {spot.day: spot.value for spot in line_of(goal, Period(first, until))}
    return {spot.day: spot.value for spot in history_of(goal, until) if spot.day >= first}


def panel_of(picture: Picture, *, alerts: Sequence[Alert]) -> Panel:
    """The chart with its table and its sentence."""
    goal = picture.goal
    has = bool(picture.actual)
    return Panel(
        name="goal",
        title=_("Will it be reached?"),
        summary=_summary(picture) if has else "",
        columns=[_("Day"), _("Actual"), _("Path"), _("Forecast")],
        rows=_rows(picture),
        chart=_chart(picture, alerts),
        note=_("Windows are read once a week.") if reading_of(goal.metric) is Reading.WINDOW else "",
    )


def _summary(picture: Picture) -> str:
    last = max(picture.actual)
    words = _("On %(day)s it stands at %(value)s; the target is %(target)s by %(due)s.")
    if picture.goal.direction == Goal.Direction.DOWN:
        words = _("On %(day)s it stands at %(value)s; it is to be %(target)s at most by %(due)s.")
    return words % {
        "day": formats.day(last, weekday=False),
        "value": _words(picture.goal, picture.actual[last]),
        "target": _words(picture.goal, picture.goal.target),
        "due": formats.day(picture.goal.due, weekday=False),
    }


def _words(goal: Goal, value: Any) -> str:
    return shown(value, unit=goal.unit, currency=goal.community.currency)


def _rows(picture: Picture) -> list[list[Cell]]:
    foretold = picture.foretold
    shown_days = [day for day in picture.days if day in picture.actual or day in foretold]
    return [
        [
            Cell(formats.day(day, weekday=False)),
            Cell(_words(picture.goal, picture.actual.get(day))),
            Cell(_words(picture.goal, picture.path.get(day)), faint=True),
            Cell(_between(picture.goal, foretold.get(day))),
        ]
        for day in reversed(shown_days)
    ]


def _between(goal: Goal, found: tuple[float, float, float] | None) -> str:
    if found is None:
        return ""
    point, low, high = (_words(goal, value) for value in found)
    return f"{point} ({low} – {high})"


def _chart(picture: Picture, alerts: Sequence[Alert]) -> dict[str, Any]:
    goal, foretold = picture.goal, _joined(picture)
    return {
        "kind": "line",
        "labels": [f"{day.month}-{day.day}" for day in picture.days],
        "long": [formats.day(day) for day in picture.days],
        "unit": _unit(goal),
        "form": _FORMS.get(goal.unit, "number"),
        "series": [
            {"name": _("Actual"), "values": _drawn(goal, picture.days, picture.actual), "connect": True},
            *_forecast_series(goal, picture.days, foretold),
        ],
        "compare": {"name": pgettext("chart", "Path"), "values": _drawn(goal, picture.days, picture.path)},
        "band": _band(goal, picture.days, foretold),
        "marks": _marks(picture, alerts),
        "unfinished": [],
        "shade": [],
    }


_FORMS: dict[str, str] = {Goal.Unit.SHARE: "rate", Goal.Unit.MONEY: "money"}


def _unit(goal: Goal) -> str:
    if goal.unit == Goal.Unit.SHARE:
        return "%"
    if goal.unit == Goal.Unit.MONEY:
        return goal.community.currency
    return "" if goal.unit == Goal.Unit.NUMBER else str(UNITS[goal.unit])


def _forecast_series(
    goal: Goal, days: Sequence[date], foretold: Mapping[date, tuple[float, float, float]]
) -> list[dict[str, Any]]:
    if not foretold:
        return []
    points = _drawn(goal, days, {day: value[0] for day, value in foretold.items()})
    return [{"name": _("Forecast"), "values": points, "connect": True, "dashed": True, "colour": "series-1"}]


def _joined(picture: Picture) -> dict[date, tuple[float, float, float]]:
    """The forecast beginning at the last actual value, so that the two lines meet."""
    if not picture.foretold or not picture.actual:
        return picture.foretold
    last = max(picture.actual)
    value = picture.actual[last]
    return {last: (value, value, value)} | picture.foretold


def _band(
    goal: Goal, days: Sequence[date], foretold: Mapping[date, tuple[float, float, float]]
) -> dict[str, list[float | None]] | None:
    if not foretold:
        return None
    lows = _drawn(goal, days, {day: value[1] for day, value in foretold.items()})
    highs = _drawn(goal, days, {day: value[2] for day, value in foretold.items()})
    return {"lows": lows, "highs": highs}


def _drawn(goal: Goal, days: Sequence[date], values: Mapping[date, float]) -> list[float | None]:
    return [None if (value := values.get(day)) is None else _scaled(goal, value) for day in days]


def _scaled(goal: Goal, value: float) -> float:
    if goal.unit == Goal.Unit.SHARE:
        return round(value * 100, 2)
    if goal.unit == Goal.Unit.MONEY:
        return round(float(formats.major(value, goal.community.currency)), 2)
    return round(value, 2)


def _marks(picture: Picture, alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    """Where on the line something was decided or seen."""
    places = {day: place for place, day in enumerate(picture.days)}
    marks = [
        {"at": places[revision.day], "label": str(_("Revised"))}
        for revision in picture.goal.revisions.all()
        if revision.day in places and not revision.kept
    ]
    steps = [step for alert in alerts for step in alert.steps.all() if step.after > step.before]
    marks += [
        {"at": places[step.day], "label": str(ALERT_LOOKS[Level(step.after)].word)}
        for step in steps
        if step.day in places
    ]
    return marks
