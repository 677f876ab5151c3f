from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.ladder import Ladder, climb

LADDER = Ladder((10, 15, 20, 30), deadband=2, on_delay=2, off_delay=1)


def test_the_truth_table_of_the_method_holds() -> None:
    assert list(climb(LADDER, [9, 11, 12, 21, 22, 19, 18, 17, 7])) == [0, 0, 1, 1, 3, 3, 3, 2, 0]


def test_one_sample_alone_raises_nothing() -> None:
    assert list(climb(LADDER, [50, 0, 50, 0])) == [0, 0, 0, 0]


def test_two_samples_raise_to_the_lower_of_their_levels() -> None:
    assert list(climb(LADDER, [50, 12])) == [0, 1]


@pytest.mark.parametrize(("value", "level"), [(30, 4), (29.9, 3), (28, 3), (10, 1), (9.99, 0)])
def test_a_limit_is_reached_when_it_is_met(value: float, level: int) -> None:
    assert LADDER.raw(value) == level


def test_a_level_is_kept_within_its_dead_band_and_left_below_it() -> None:
    assert list(climb(LADDER, [31, 31, 28, 27.9])) == [0, 4, 4, 3]


def test_a_longer_off_delay_waits_for_as_many_samples() -> None:
    slow = Ladder((10,), deadband=0, on_delay=1, off_delay=3)
    assert list(climb(slow, [11, 5, 5, 5])) == [1, 1, 1, 0]


@given(st.lists(st.floats(0, 60), max_size=30))
def test_a_level_never_stands_above_what_two_samples_have_shown(values: list[float]) -> None:
    for place, level in enumerate(climb(LADDER, values)):
        seen = [min(LADDER.raw(a), LADDER.raw(b)) for a, b in pairwise(values[: place + 1])]
        assert level <= max(seen, default=0)
