"""Where a goal will be on its due day: the forecast with its record, or why there is none."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from qunying.kit.forecasting import Forecast, Refusal, RefusedFor, forecast
from qunying.kit.periods import Period
from qunying.plan.goals.measuring import line_of, local_days
from qunying.plan.goals.models import Goal
from qunying.plan.goals.readings import Reading, reading_of

if TYPE_CHECKING:
    from datetime import date

    from qunying.check.tracking.paths import Path
    from qunying.plan.goals.measuring import Spot

HISTORY = 400
_STEP = {Reading.LEVEL: 1, Reading.TOTAL: 1, Reading.WINDOW: 7}
_DAY = timedelta(days=1)
BY_HAND = "hand"
LIKELY, UNLIKELY, OPEN = "likely", "unlikely", "open"


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast to the due day, or `refused` with the reason (short, far, hand) and the days needed and given.

    `days`, `points`, `lows`, `highs` are the line to the due day. `verdict` says whether the interval lies beyond the
    target (likely), short of it (unlikely) or around it (open).
    """

    refused: str = ""
    needed: int = 0
    given: int = 0
    method: str = ""
    point: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    held: int = 0
    trials: int = 0
    mase: float | None = None
    naive_mase: float | None = None
    verdict: str = ""
    days: list[str] = field(default_factory=list)
    points: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def outlook_of(goal: Goal, path: Path | None, value: float, day: date) -> Outlook | None:
    """The outlook when `day` has ended and the figure is `value`; None where nothing is left to foretell."""
    if day >= goal.due:
        return None
    reading = reading_of(goal.metric)
    if reading is Reading.HAND:
        return Outlook(refused=BY_HAND)
    step = _STEP[reading]
    steps = ceil((goal.due - day).days / step)
    spots = history_of(goal, day)
    found = _forecast(goal, reading, spots, steps)
    if isinstance(found, Refusal):
        return Outlook(refused=found.reason.value, needed=found.needed * step, given=found.given * step)
    return _told(found, goal, path, value if reading is Reading.TOTAL else 0.0, day, step)


def history_of(goal: Goal, day: date) -> list[Spot]:
    """The line of the goal's figure up to `day`, for at most 400 days; what came before the first fact is left out."""
    known = local_days(goal.community)
    if known is None or known.start > day:
        return []
    first = max(known.start + (goal.window - 1) * _DAY, day - (HISTORY - 1) * _DAY)
    return line_of(goal, Period(first, day)) if first <= day else []


def _forecast(goal: Goal, reading: Reading, spots: list[Spot], steps: int) -> Forecast | Refusal:
    weekly = reading is Reading.WINDOW
    if not spots:
        return Refusal(RefusedFor.SHORT, 14, 0)
    return forecast(
        [spot.value for spot in spots],
        steps=steps,
        season=1 if weekly else 7,
        total=reading is Reading.TOTAL,
        floor=None if goal.metric == "revenue" else 0.0,
        ceiling=1.0 if goal.unit == Goal.Unit.SHARE else None,
    )


def _told(found: Forecast, goal: Goal, path: Path | None, so_far: float, day: date, step: int) -> Outlook:  # noqa: PLR0913, PLR0917 - what an outlook is made of
    point, low, high = (so_far + value for value in found.final)
    days = [min(day + number * step * _DAY, goal.due).isoformat() for number in range(1, len(found.points) + 1)]
    return Outlook(
        method=found.method,
        point=point,
        low=low,
        high=high,
        level=found.level,
        held=found.held,
        trials=found.trials,
        mase=found.mase,
        naive_mase=found.naive_mase,
        verdict=_verdict(path, low, high),
        days=days,
        points=[so_far + value for value in found.points],
        lows=[so_far + value for value in found.lows],
        highs=[so_far + value for value in found.highs],
        given=found.history * step,
    )


def _verdict(path: Path | None, low: float, high: float) -> str:
    if path is None:
        return ""
    worse, better = (low, high) if path.up else (high, low)
    if path.met(worse):
        return LIKELY
    return OPEN if path.met(better) else UNLIKELY
