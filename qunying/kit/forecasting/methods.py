"""The methods: each learns its weights from a history once, and carries any history on with them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Weights = dict[str, float]
_EDGE = 1e-4


class Method(Protocol):
    """One way to carry a series on. `learn` is slow and done once, `carry_on` is quick and done often."""

    name: str

    def learn(self, values: NDArray[np.float64], season: int) -> Weights:
        """The weights that fit the history best."""

    def carry_on(self, values: NDArray[np.float64], season: int, weights: Weights, steps: int) -> NDArray[np.float64]:
        """The next `steps` values."""


class SeasonalNaive:
    """What was a season ago comes again; with a season of 1, the last value does. The mark the others must beat."""

    name = "seasonal_naive"

    def learn(self, values: NDArray[np.float64], season: int) -> Weights:  # noqa: ARG002 - the shape of a method
        """Nothing is to be learnt."""
        return {}

    def carry_on(
        self,
        values: NDArray[np.float64],
        season: int,
        weights: Weights,  # noqa: ARG002 - the shape of a method
        steps: int,
    ) -> NDArray[np.float64]:
        """The last season, again and again."""
        return np.resize(values[-season:], steps)


class Smoothing:
    """Exponential smoothing (ETS with additive errors): a level, perhaps a damped trend, perhaps seasons."""

    def __init__(self, name: str, *, trend: bool = False, seasonal: bool = False) -> None:
        self.name, self.trend, self.seasonal = name, trend, seasonal

    def _model(self, values: NDArray[np.float64], season: int) -> Any:
        # It takes seconds to load: only who forecasts shall wait for it.
        from statsmodels.tsa.holtwinters import ExponentialSmoothing  # noqa: PLC0415

        seasons: dict[str, Any] = {"seasonal": "add", "seasonal_periods": season} if self.seasonal else {}
        trend: dict[str, Any] = {"trend": "add", "damped_trend": True} if self.trend else {}
        return ExponentialSmoothing(values, initialization_method="heuristic", **trend, **seasons)

    def learn(self, values: NDArray[np.float64], season: int) -> Weights:
        """Weights by least squares, kept off the edges, where a level would never learn or never rest."""
        with _calmly():
            found = self._model(values, season).fit().params
        wanted = ["smoothing_level"]
        wanted += ["smoothing_trend", "damping_trend"] if self.trend else []
        wanted += ["smoothing_seasonal"] if self.seasonal else []
        return {name: float(np.clip(found[name], _EDGE, 1 - _EDGE)) for name in wanted}

    def carry_on(self, values: NDArray[np.float64], season: int, weights: Weights, steps: int) -> NDArray[np.float64]:
        """The smoothed level, trend and seasons carried on."""
        with _calmly():
            fitted = self._model(values, season).fit(optimized=False, **weights)
            return np.asarray(fitted.forecast(steps), dtype=np.float64)


class Theta:
    """Simple smoothing with half the slope of the straight line through the history as its drift."""

    name = "theta"

    def learn(self, values: NDArray[np.float64], season: int) -> Weights:
        """The slope b0 and the weight of the level."""
        with _calmly():
            found = self._model(values, season).fit().params
        return {"b0": float(found["b0"]), "alpha": float(found["alpha"])}

    def _model(self, values: NDArray[np.float64], season: int) -> Any:
        from statsmodels.tsa.forecasting.theta import ThetaModel  # noqa: PLC0415 - as above

        seasonal = season > 1
        return ThetaModel(values, period=season, deseasonalize=seasonal, use_test=False, method="additive")

    def carry_on(self, values: NDArray[np.float64], season: int, weights: Weights, steps: int) -> NDArray[np.float64]:  # noqa: ARG002 - Theta learns quickly: anew from each history
        """The level carried on with its drift, seasons put back."""
        with _calmly():
            return np.asarray(self._model(values, season).fit().forecast(steps), dtype=np.float64)


class _Calm(warnings.catch_warnings):
    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("ignore")


def _calmly() -> _Calm:
    """Optimisers that stop early warn; whether the result is any good, the backtest decides."""
    return _Calm()


NAIVE = SeasonalNaive()


def methods_for(season: int) -> Iterator[Method]:
    """Those worth trying on a series of this season, the simplest first."""
    yield Smoothing("ses")
    yield Smoothing("holt_damped", trend=True)
    yield Theta()
    if season > 1:
        yield Smoothing("holt_winters", seasonal=True)
        yield Smoothing("holt_winters_damped", trend=True, seasonal=True)
