"""Choosing a method by what it would have foretold, and saying how far it was off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from qunying.kit.forecasting.methods import NAIVE, methods_for
from qunying.kit.forecasting.smoothing import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qunying.kit.forecasting.methods import Method

MOST_ORIGINS = 24
FEWEST_TRIALS = 8
FEWEST_OTHERS = 4
_FEWEST_VALUES = 10
_RELEARN = 6
"""Weights are learnt anew at every sixth origin: they move slowly, and learning is what takes time."""


def _stats() -> Any:
    """scipy.stats: two seconds and sixty megabytes that only who asks such a question shall wait for."""
    from scipy import stats  # noqa: PLC0415

    return stats


class RefusedFor(StrEnum):
    """Why nothing is foretold."""

    SHORT = "short"
    """Less than two whole seasons, or hardly more values than that."""
    FAR = "far"
    """The end is too far off for this much history: it could not be put to the test often enough."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """No forecast, and why: `needed` values would do, `given` there are."""

    reason: RefusedFor
    needed: int
    given: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected of a series, step by step.

    `points`, `lows` and `highs` have one value for each step; for a total they are running totals of
    the steps. `level` is the share of outcomes the interval means to hold, `held` of `trials` how
    many it did hold in the backtest, at the last step. `mase` compares with `naive_mase` of the
    seasonal-naive forecast at the same origins: below 1 is better than repeating the last season within
    the history.
    """

    method: str
    points: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    level: float
    held: int
    trials: int
    mase: float | None
    naive_mase: float | None
    history: int

    @property
    def final(self) -> tuple[float, float, float]:
        """Point, low and high of the last step."""
        return self.points[-1], self.lows[-1], self.highs[-1]


@dataclass(frozen=True, slots=True)
class Question:
    """A series and what is asked of it."""

    values: NDArray[np.float64]
    steps: int
    season: int
    total: bool

    @property
    def least(self) -> int:
        """How many values a forecast begins with."""
        return max(2 * self.season, _FEWEST_VALUES + 2 * (self.season // 2))

    @property
    def origins(self) -> list[int]:
        """Up to 24 places in the history to forecast from, evenly spread, each with its outcome known."""
        first, last = self.least, len(self.values) - self.steps
        if last < first:
            return []
        return sorted({round(place) for place in np.linspace(first, last, MOST_ORIGINS)})

    def folded(self, path: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
        """The path as it is asked for: running totals, or as it is."""
        line = np.asarray(path, dtype=np.float64)
        return np.cumsum(line) if self.total else line


def forecast(  # noqa: PLR0913 - what is asked, and how
    values: Sequence[float],
    *,
    steps: int,
    season: int = 7,
    total: bool = False,
    level: float = 0.8,
    floor: float | None = 0.0,
    ceiling: float | None = None,
) -> Forecast | Refusal:
    """The next `steps` of a series, by the method that foretold this series best, or why not.

    `values` are evenly spaced and whole; `season` counts steps (7 for days, 1 for none). With `total`
    the sum of the coming steps is asked for. Points and interval stay between `floor` and `ceiling`.
    A method must beat seasonal-naive in a rolling-origin backtest (MASE), else seasonal-naive stays.
    """
    asked = Question(np.asarray(values, dtype=np.float64), steps, season, total)
    refusal = _refuse(asked)
    if refusal is not None:
        return refusal
    method, mase, naive = _choose(asked)
    errors = _errors(asked, method)
    history = asked.values.tolist()
    path = asked.folded(method.carry_on(history, season, method.learn(history, season), steps))
    half = _widths(errors, level)
    if total and floor is not None:
        # What is counted scatters at least as chance does: a quiet history must not promise more.
        half = np.maximum(half, _quantile(level) * np.sqrt(np.maximum(path, 0)))
    held, trials = _coverage(asked, errors, level)
    points, lows, highs = (np.clip(line, floor, ceiling) for line in (path, path - half, path + half))
    return Forecast(
        method.name, _plain(points), _plain(lows), _plain(highs), level, held, trials, mase, naive, len(asked.values)
    )


def _refuse(asked: Question) -> Refusal | None:
    given = len(asked.values)
    if given < asked.least:
        return Refusal(RefusedFor.SHORT, asked.least, given)
    needed = asked.least + 2 * asked.steps + max(FEWEST_TRIALS, asked.steps // 2)
    if given < needed:
        return Refusal(RefusedFor.FAR, needed, given)
    return None


def _choose(asked: Question) -> tuple[Method, float | None, float | None]:
    """The method of the smallest mean error; seasonal-naive unless another is better. With the MASE of both."""
    scale = _scale(asked)
    best, least = NAIVE, _mean_error(asked, _errors(asked, NAIVE))
    naive = least
    for method in methods_for(asked.season):
        error = _mean_error(asked, _errors(asked, method))
        if error < least:
            best, least = method, error
    return best, least / scale if scale else None, naive / scale if scale else None


def _scale(asked: Question) -> float:
    """The mean error of repeating the last season, within the history: what MASE divides by."""
    return float(np.mean(np.abs(asked.values[asked.season :] - asked.values[: -asked.season])))


def _mean_error(asked: Question, errors: NDArray[np.float64]) -> float:
    if asked.total:
        return float(np.mean(np.abs(errors[:, -1]))) / asked.steps
    return float(np.mean(np.abs(errors)))


def _errors(asked: Question, method: Method) -> NDArray[np.float64]:
    """Outcome minus forecast: one row for each origin, one column for each step.

    Weights are learnt from what was known at the origin or before, never from an outcome.
    """
    values, rows = asked.values.tolist(), []
    weights = Weights(1.0)
    for number, origin in enumerate(asked.origins):
        known = values[:origin]
        if number % _RELEARN == 0:
            weights = method.learn(known, asked.season)
        path = method.carry_on(known, asked.season, weights, asked.steps)
        rows.append(asked.folded(values[origin : origin + asked.steps]) - asked.folded(path))
    return np.vstack(rows)


def _quantile(level: float, freedom: int | None = None) -> float:
    tail = (1 + level) / 2
    return float(_stats().norm.ppf(tail) if freedom is None else _stats().t.ppf(tail, freedom))


def _widths(errors: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Half the width of the interval at each step, from the errors there; never narrower later than sooner."""
    spread = np.sqrt(np.mean(errors**2, axis=0))
    return np.maximum.accumulate(_quantile(level, len(errors) - 1) * spread)


def _coverage(asked: Question, errors: NDArray[np.float64], level: float) -> tuple[int, int]:
    """How often the interval held the outcome at the last step: held, of so many trials.

    The interval of each trial is made from the errors of the other origins whose outcomes share no
    day with its own, so that no forecast is judged by itself.
    """
    held = trials = 0
    origins, final = np.asarray(asked.origins), errors[:, -1]
    for place, origin in enumerate(origins):
        others = final[np.abs(origins - origin) >= asked.steps]
        if len(others) < FEWEST_OTHERS:
            continue
        half = _quantile(level, len(others) - 1) * float(np.sqrt(np.mean(others**2)))
        trials += 1
        held += bool(abs(final[place]) <= half)
    return held, trials


def _plain(line: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in line)
