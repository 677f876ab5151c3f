"""Quartiles as R and NumPy give them, and Tukey's fences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.spread import quantile, spread_of

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


def test_ten_numbers_have_the_quartiles_of_the_textbook() -> None:
    spread = spread_of(range(1, 11))
    assert spread is not None
    assert (spread.low, spread.lower, spread.median, spread.upper, spread.high) == (1, 3.25, 5.5, 7.75, 10)


@given(NUMBERS, st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]))
def test_a_quantile_is_that_of_numpy(numbers: list[float], share: float) -> None:
    assert quantile(sorted(numbers), share) == pytest.approx(float(np.quantile(numbers, share)), rel=1e-9, abs=1e-9)


def test_only_what_lies_beyond_the_fences_is_an_outlier() -> None:
    # Quartiles 2 and 4: the fences are -1 and 7.
    spread = spread_of([1, 2, 3, 4, 40])
    assert spread is not None
    assert [spread.is_outlier(value) for value in (-1.1, -1, 7, 7.1, 40)] == [True, False, False, True, True]


def test_of_four_numbers_no_quartile_is_told_and_none_is_an_outlier() -> None:
    spread = spread_of([1, 1, 1, 100])
    assert spread is not None
    assert (spread.lower, spread.upper, spread.median, spread.is_outlier(100)) == (None, None, 1, False)


def test_equal_numbers_have_no_outlier_and_nothing_has_no_spread() -> None:
    spread = spread_of([0.2] * 6 + [0.9])
    assert spread is not None
    assert [spread.is_outlier(value) for value in (0.2, 0.9)] == [False, False]
    assert spread_of([]) is None
