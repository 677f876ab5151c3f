"""The collector is calm inside the block and as before after it."""

from __future__ import annotations

import gc

import pytest

from qunying.kit.collecting import calm_collector


def test_it_looks_rarely_inside_and_as_often_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with calm_collector():
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_it_is_as_before_after_a_failure_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="broken"), calm_collector():
        raise ValueError("broken")
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
