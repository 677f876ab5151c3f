from __future__ import annotations

import numpy as np
import pytest

from qunying.kit.forecasting import Forecast, Refusal, RefusedFor, forecast

WEEK = [10.0, 12, 11, 13, 15, 30, 25]


def noisy(count: int, *, seed: int = 7, trend: float = 0.0, scale: float = 3.0) -> list[float]:
    chance = np.random.default_rng(seed)
    return [WEEK[n % 7] + trend * n + float(chance.normal(0, scale)) for n in range(count)]


def foretold(values: list[float], **asked: object) -> Forecast:
    found = forecast(values, **asked)  # type: ignore[arg-type]
    assert isinstance(found, Forecast)
    return found


def test_a_week_that_repeats_itself_is_foretold_exactly_by_the_naive_method() -> None:
    found = foretold(WEEK * 8, steps=7)
    assert (found.method, found.points) == ("seasonal_naive", pytest.approx(WEEK))
    assert (found.lows, found.highs) == (found.points, found.points)
    assert found.held == found.trials


def test_another_method_is_taken_only_where_it_beats_the_naive_one() -> None:
    found = foretold(noisy(200), steps=7)
    assert found.method != "seasonal_naive"
    assert found.mase is not None
    assert found.naive_mase is not None
    assert found.mase < found.naive_mase


def test_a_walk_at_random_is_left_to_the_last_value() -> None:
    walk = [float(value) for value in np.cumsum(np.random.default_rng(1).normal(0, 1, 300)) + 100]
    found = foretold(walk, steps=10, season=1)
    assert found.points[-1] == pytest.approx(walk[-1], abs=1.5)


def test_a_total_is_foretold_with_its_running_sums() -> None:
    found = foretold(noisy(200), steps=14, total=True)
    assert found.final[0] == pytest.approx(2 * sum(WEEK), rel=0.05)
    assert list(found.points) == sorted(found.points)


def test_the_interval_of_a_total_is_never_narrower_than_chance() -> None:
    low, high = foretold(WEEK * 8, steps=7, total=True).final[1:]
    assert high - low == pytest.approx(2 * 1.2815515655446004 * sum(WEEK) ** 0.5)


def test_the_interval_grows_with_the_distance_and_keeps_to_its_bounds() -> None:
    found = foretold([min(max(value / 30, 0), 1) for value in noisy(120)], steps=10, ceiling=1.0)
    widths = [high - low for low, high in zip(found.lows, found.highs, strict=True)]
    assert max(found.highs) <= 1.0
    assert min(found.lows) >= 0.0
    assert widths[-1] >= widths[0] * 0.9


def test_over_many_histories_an_80_percent_interval_holds_about_as_often_as_it_says() -> None:
    held, claimed, trials = 0, 0, 0
    for seed in range(30):
        values = noisy(147, seed=seed, trend=0.05)
        found = foretold(values[:140], steps=7)
        held += found.lows[-1] <= values[146] <= found.highs[-1]
        claimed, trials = claimed + found.held, trials + found.trials
    assert 20 <= held <= 29
    assert 0.7 <= claimed / trials <= 0.95


def test_less_than_two_seasons_are_refused() -> None:
    assert forecast(WEEK + WEEK[:6], steps=3) == Refusal(RefusedFor.SHORT, 16, 13)


def test_a_day_too_far_off_is_refused_with_what_it_would_take() -> None:
    assert forecast(noisy(60), steps=60) == Refusal(RefusedFor.FAR, 166, 60)


@pytest.mark.parametrize(("season", "steps"), [(7, 1), (7, 7), (7, 30), (1, 1), (1, 8)])
def test_the_shortest_history_that_is_taken_was_put_to_the_test_often_enough(season: int, steps: int) -> None:
    refused = forecast([1.0] * 20, steps=100, season=season)
    assert isinstance(refused, Refusal)
    needed = forecast([1.0, 2.0] * 2, steps=steps, season=season)
    assert isinstance(needed, Refusal)
    shortest = next(
        count for count in range(10, 400) if isinstance(forecast([5.0] * count, steps=steps, season=season), Forecast)
    )
    found = foretold([5.0] * shortest, steps=steps, season=season)
    assert found.trials >= 4


def test_nothing_but_zeros_gives_zeros() -> None:
    found = foretold([0.0] * 60, steps=7, total=True)
    assert (found.final, found.mase) == ((0.0, 0.0, 0.0), None)
