from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.act.suggestions.detectors.funnel import _find
from tests.act.suggestions.looks import at_most, look_at, only

if TYPE_CHECKING:
    from qunying.act.suggestions.history import Look

NAMES = ["joined", "spoke", "ordered"]


def funnels(*newest_first: list[int], days: int = 400) -> Look:
    """A look at blocks of four weeks of (joined, spoke, ordered), the newest first; older ones are the last."""
    look = look_at(days=days, funnel_names=NAMES)
    blocks = look.blocks()
    counted = [newest_first[min(number, len(newest_first) - 1)] for number in range(len(blocks))]
    look.history.__dict__["_funnels"] = dict(zip(blocks, counted, strict=True))
    return look


def test_a_broken_step_is_found_with_the_exact_chance_and_the_sound_one_is_not() -> None:
    """60 of 300 took the first step, 900 of 1800 in the six blocks before; of those who did, half took the next."""
    first, second = _find(funnels([300, 60, 30], [300, 150, 75]))
    assert first.p == pytest.approx(at_most(60, 300, 900, 1800), rel=1e-9)
    assert (first.key, first.large, first.effect) == ("funnel:1", True, pytest.approx(-0.6))
    assert (first.params["name"], first.params["from"], first.params["whole"]) == ("spoke", "joined", 300)
    assert (second.key, second.large, second.effect) == ("funnel:2", False, 0.0)


def test_a_step_that_is_reached_by_too_few_is_not_asked_about() -> None:
    """Fifty have to reach the step before, in this block and in three earlier ones."""
    assert [one.key for one in _find(funnels([100, 49, 10], [100, 50, 25]))] == ["funnel:1"]
    assert [one.key for one in _find(funnels([100, 50, 10], [100, 49, 25]))] == ["funnel:1"]
    assert list(_find(funnels([49, 5, 1], [100, 50, 25]))) == []


def test_a_funnel_as_ever_is_nothing() -> None:
    for asked in _find(funnels([100, 50, 25], [100, 50, 25])):
        assert (asked.large, asked.effect) == (False, 0.0)
        assert asked.p is not None
        assert asked.p > 0.4


def test_a_block_no_worse_than_one_before_is_no_break() -> None:
    """Seasons move shares more than chance does: what was seen before is not large, however sure."""
    asked = next(iter(_find(funnels([400, 80, 40], [400, 80, 40], [400, 200, 100]))))
    assert asked.p is not None
    assert (asked.p < 1e-6, asked.large) == (True, False)


def test_three_earlier_blocks_are_needed() -> None:
    look = funnels([100, 10, 1], [100, 50, 25], days=130)
    assert len(look.blocks()) == 3
    assert list(_find(look)) == []
    assert only(list(_find(funnels([100, 10, 1], [100, 50, 25], days=158)))[:1]).large
