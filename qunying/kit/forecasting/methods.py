"""The methods: each learns its weights from a history, and carries any history on with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qunying.kit.forecasting.smoothing import Weights, ahead_of, beginning, best_weights, smooth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Method(Protocol):
    """One way to carry a series on. `learn` is slow and done seldom, `carry_on` is quick and done often."""

    @property
    def name(self) -> str:
        """The name by which people and tests know it."""

    def learn(self, values: Sequence[float], season: int) -> Weights:
        """The weights that fit the history best."""

    def carry_on(self, values: Sequence[float], season: int, weights: Weights, steps: int) -> list[float]:
        """The next `steps` values."""


@dataclass(frozen=True, slots=True)
class SeasonalNaive:
    """What was a season ago comes again; with a season of 1, the last value does. The mark the others must beat."""

    name: str = "seasonal_naive"

    def learn(self, values: Sequence[float], season: int) -> Weights:  # noqa: ARG002 - the shape of a method
        """Nothing is to be learnt."""
        return Weights(1.0)

    def carry_on(self, values: Sequence[float], season: int, weights: Weights, steps: int) -> list[float]:  # noqa: ARG002 - as above
        """The last season, again and again."""
        return [values[len(values) - season + step % season] for step in range(steps)]


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Exponential smoothing with or without a damped trend and seasons."""

    name: str
    trend: bool = False
    seasonal: bool = False

    def learn(self, values: Sequence[float], season: int) -> Weights:
        """The weights of the smallest squared error."""
        return best_weights(values, season=season, trend=self.trend, seasonal=self.seasonal)

    def carry_on(self, values: Sequence[float], season: int, weights: Weights, steps: int) -> list[float]:
        """The smoothed level, trend and seasons carried on."""
        return ahead_of(smooth(values, weights, beginning(values, season if self.seasonal else 1)), weights, steps)


@dataclass(frozen=True, slots=True)
class Theta:
    """Simple smoothing with half the slope of the straight line through the history as its drift.

    Seasons are taken out before and put back. Source: Hyndman and Billah 2003.
    """

    name: str = "theta"

    def learn(self, values: Sequence[float], season: int) -> Weights:
        """The weight of the level."""
        bare, _seasons = without_seasons(values, season)
        return best_weights(bare, season=1, trend=False, seasonal=False)

    def carry_on(self, values: Sequence[float], season: int, weights: Weights, steps: int) -> list[float]:
        """The level carried on with its drift, seasons put back."""
        bare, seasons = without_seasons(values, season)
        level = smooth(bare, weights, beginning(bare, 1)).level
        path = drifted(level, half_slope(bare), alpha=weights.alpha, count=len(bare), steps=steps)
        return [value + seasons[(len(values) + step) % season] for step, value in enumerate(path)]


def half_slope(values: Sequence[float]) -> float:
    """Half the slope b0 of the least-squares line through the values."""
    return float(np.polyfit(np.arange(len(values)), np.asarray(values), 1)[0]) / 2


def drifted(level: float, drift: float, *, alpha: float, count: int, steps: int) -> list[float]:
    """Level plus drift × (h - 1 + (1 - (1 - alpha)^n) / alpha), the forecast of Theta h steps ahead of n values."""
    first = (1 - (1 - alpha) ** count) / alpha
    return [level + drift * (step + first) for step in range(steps)]


def without_seasons(values: Sequence[float], season: int) -> tuple[list[float], list[float]]:
    """The values less what their place in the season is worth on the average of the whole seasons, and that worth."""
    if season == 1:
        return list(values), [0.0]
    whole = len(values) // season * season
    table = np.asarray(values[-whole:], dtype=np.float64).reshape(-1, season)
    shift = (len(values) - whole) % season
    worth = np.roll((table - table.mean(axis=1, keepdims=True)).mean(axis=0), shift)
    return [value - worth[place % season] for place, value in enumerate(values)], [float(one) for one in worth]


NAIVE: Method = SeasonalNaive()


def methods_for(season: int) -> Iterator[Method]:
    """Those worth trying on a series of this season, the simplest first."""
    yield Smoothing("ses")
    yield Smoothing("holt_damped", trend=True)
    yield Theta()
    if season > 1:
        yield Smoothing("holt_winters", seasonal=True)
        yield Smoothing("holt_winters_damped", trend=True, seasonal=True)
