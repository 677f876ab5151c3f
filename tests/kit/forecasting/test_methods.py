"""Known answers of methods §7.1, and agreement with statsmodels.

The twelve values of `OIL` (Saudi oil production 1996-2007) and the fifteen of `AIR` (air passengers of
Australia 1990-2004) are published in Hyndman and Athanasopoulos; that they are the right ones is shown by the
answers printed there.
"""

from __future__ import annotations

from math import sin

import numpy as np
import pytest

from qunying.kit.forecasting.methods import NAIVE, Theta, drifted, half_slope, methods_for, without_seasons
from qunying.kit.forecasting.smoothing import State, Weights, ahead_of, beginning, best_weights, smooth

OIL = [
    446.6565, 454.4733, 455.6630, 423.6322, 456.2713, 440.5881,
    425.3325, 485.1494, 506.0482, 526.7920, 514.2689, 494.2110,
]  # fmt: skip
AIR = [
    17.5534, 21.8600, 23.8866, 26.9293, 26.8885, 28.8314, 30.0751, 30.9535,
    30.1857, 31.5797, 32.5776, 33.4774, 39.0216, 41.3864, 41.5966,
]  # fmt: skip


def test_simple_smoothing_foretells_the_oil() -> None:
    state = smooth(OIL, Weights(0.8920006), State(447.4782, 0.0, (0.0,)))
    assert ahead_of(state, Weights(0.892), 1)[0] == pytest.approx(496.493, abs=0.001)


def test_the_weight_and_level_of_the_oil_are_the_best_ones() -> None:
    best = smooth(OIL, Weights(0.8920006), State(447.4782, 0.0, (0.0,))).squares
    for alpha, level in ((0.88, 447.4782), (0.904, 447.4782), (0.892, 446.5), (0.892, 448.5)):
        assert smooth(OIL, Weights(alpha), State(level, 0.0, (0.0,))).squares > best


def test_holts_method_foretells_the_air_passengers() -> None:
    weights = Weights(0.8, beta=0.2, phi=1.0)
    state = smooth(AIR, weights, State(AIR[0], AIR[1] - AIR[0], (0.0,)))
    assert [round(value, 2) for value in ahead_of(state, weights, 5)] == [43.76, 45.59, 47.43, 49.27, 51.10]


def test_theta_follows_a_straight_line_by_half_its_slope() -> None:
    line = [2.0 * n + 5 for n in range(1, 41)]
    assert half_slope(line) * 2 == pytest.approx(2.0)
    assert drifted(line[-1], half_slope(line), alpha=1.0, count=40, steps=3) == pytest.approx([86.0, 87.0, 88.0])


def test_the_naive_forecast_is_the_last_season_again() -> None:
    assert NAIVE.carry_on([1, 2, 3, 4, 5, 6, 7, 8], 7, Weights(1), 9) == [2, 3, 4, 5, 6, 7, 8, 2, 3]
    assert NAIVE.carry_on([1, 2, 531.48], 1, Weights(1), 2) == [531.48, 531.48]


def test_a_damped_trend_comes_to_rest() -> None:
    path = ahead_of(State(10, 1, (0.0,)), Weights(0.5, 0.1, 0.0, 0.5), 30)
    assert path[0] == pytest.approx(10.5)
    assert path[-1] == pytest.approx(11.0)


def test_seasons_are_taken_out_by_their_place_whatever_the_length() -> None:
    week = [0.0, 1, 2, 3, -3, -2, -1]
    for length in (14, 17, 20):
        values = [50 + week[place % 7] for place in range(length)]
        bare, worth = without_seasons(values, 7)
        assert bare == pytest.approx([50.0] * length)
        assert worth == pytest.approx(week)


@pytest.mark.parametrize(("trend", "seasonal"), [(False, False), (True, False), (False, True), (True, True)])
def test_the_recursions_agree_with_statsmodels(*, trend: bool, seasonal: bool) -> None:
    from statsmodels.tsa.holtwinters import ExponentialSmoothing  # noqa: PLC0415 - it takes seconds to load

    values = [50 + 8 * sin(place) + 0.2 * place + 10 * (place % 7 == 6) for place in range(60)]
    start = beginning(values, 7 if seasonal else 1)
    weights = Weights(0.3, 0.2 if trend else 0.0, 0.1 if seasonal else 0.0, 0.9 if trend else 0.0)
    known = {"initial_level": start.level}
    known |= {"initial_trend": 0.0} if trend else {}
    known |= {"initial_seasonal": np.asarray(start.seasons)} if seasonal else {}
    model = ExponentialSmoothing(
        np.asarray(values),
        trend="add" if trend else None,
        damped_trend=trend,
        seasonal="add" if seasonal else None,
        seasonal_periods=7 if seasonal else None,
        initialization_method="known",
        **known,
    )
    given = {"smoothing_level": 0.3}
    given |= {"smoothing_trend": 0.2, "damping_trend": 0.9} if trend else {}
    given |= {"smoothing_seasonal": 0.1 * 0.7 / 0.7} if seasonal else {}
    theirs = model.fit(optimized=False, **given).forecast(10)
    ours = ahead_of(smooth(values, weights, start), weights, 10)
    assert ours == pytest.approx(list(theirs), rel=0.02)


def test_the_grid_finds_a_level_that_moves_and_one_that_rests() -> None:
    moving = [float(n % 2 == 0) + n for n in range(60)]
    resting = [10 + (1 if n % 2 else -1) for n in range(60)]
    assert best_weights(moving, season=1, trend=False, seasonal=False).alpha >= 0.6
    assert best_weights(resting, season=1, trend=False, seasonal=False).alpha <= 0.1


def test_without_seasons_only_methods_without_seasons_are_tried() -> None:
    assert [method.name for method in methods_for(1)] == ["ses", "holt_damped", "theta"]
    assert Theta().carry_on([5.0] * 20, 1, Weights(0.5), 2) == pytest.approx([5.0, 5.0])
