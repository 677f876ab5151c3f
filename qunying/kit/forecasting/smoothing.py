"""Exponential smoothing in its error form: a level, perhaps a damped trend, perhaps seasons, all additive.

Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, chapter 8; the tests hold it
against statsmodels, which takes thirty times as long and seconds to load (decision 0076).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Weights:
    """How fast level (`alpha`), trend (`beta`, of the level's change) and seasons (`gamma`) learn; `phi` damps."""

    alpha: float
    beta: float = 0.0
    gamma: float = 0.0
    phi: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """Where the smoothing stands after a history of `count` values."""

    level: float
    trend: float
    seasons: tuple[float, ...]
    count: int = 0
    squares: float = 0.0
    """The sum of the squared errors of one step ahead."""


def beginning(values: Sequence[float], season: int) -> State:
    """A plain start: the first value, or the mean and the differences of the first season."""
    if season == 1:
        return State(values[0], 0.0, (0.0,))
    level = sum(values[:season]) / season
    return State(level, 0.0, tuple(value - level for value in values[:season]))


def smooth(values: Sequence[float], weights: Weights, start: State) -> State:
    """The state after these values, one after another."""
    level, trend, seasons, squares = start.level, start.trend, list(start.seasons), 0.0
    alpha, gamma, phi, many = weights.alpha, weights.gamma, weights.phi, len(seasons)
    slope = alpha * weights.beta
    for place, value in enumerate(values, start.count):
        at = place % many
        ahead = level + phi * trend
        error = value - ahead - seasons[at]
        squares += error * error
        level = ahead + alpha * error
        trend = phi * trend + slope * error
        seasons[at] += gamma * error
    return State(level, trend, tuple(seasons), start.count + len(values), start.squares + squares)


def ahead_of(state: State, weights: Weights, steps: int) -> list[float]:
    """The next values from a state: the level, what is left of the trend, and the season of each."""
    path, climbed, left = [], 0.0, 1.0
    for step in range(steps):
        left *= weights.phi
        climbed += left * state.trend
        path.append(state.level + climbed + state.seasons[(state.count + step) % len(state.seasons)])
    return path


_ALPHAS = (0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.95)
_BETAS = (0.02, 0.1, 0.25)
_GAMMAS = (0.01, 0.05, 0.15, 0.3)
_PHIS = (0.9, 0.98)


def best_weights(values: Sequence[float], *, season: int, trend: bool, seasonal: bool) -> Weights:
    """The weights of a grid with the smallest squared error one step ahead; near its best the error is flat."""
    start = beginning(values, season if seasonal else 1)
    return min(_grid(trend=trend, seasonal=seasonal), key=lambda weights: smooth(values, weights, start).squares)


def _grid(*, trend: bool, seasonal: bool) -> Iterator[Weights]:
    betas, phis = (_BETAS, _PHIS) if trend else ((0.0,), (0.0,))
    gammas = _GAMMAS if seasonal else (0.0,)
    for alpha, beta, gamma, phi in product(_ALPHAS, betas, gammas, phis):
        yield Weights(alpha, beta, gamma, phi)
