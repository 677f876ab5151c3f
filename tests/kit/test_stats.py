"""The Wilson interval gives Newcombe's published cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.stats import wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_it_gives_the_published_interval(part: int, whole: int, low: float, high: float) -> None:
    interval = wilson(part, whole)
    assert interval is not None
    assert tuple(round(end, 4) for end in interval) == (low, high)


def test_of_nobody_nothing_can_be_said() -> None:
    assert wilson(0, 0) is None


@given(st.integers(1, 10_000), st.data())
def test_the_interval_holds_the_share_and_stays_between_0_and_1(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    interval = wilson(part, whole)
    assert interval is not None
    low, high = interval
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


@given(st.integers(1, 1000), st.data())
def test_the_interval_of_the_others_is_its_mirror(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    one, other = wilson(part, whole), wilson(whole - part, whole)
    assert one is not None
    assert other == pytest.approx((1 - one[1], 1 - one[0]))


@given(st.integers(1, 500), st.data())
def test_more_people_make_it_narrower(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    few, many = wilson(part, whole), wilson(part * 4, whole * 4)
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]
