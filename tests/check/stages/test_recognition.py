from __future__ import annotations

import pytest

from qunying.check.stages.models import Stage
from qunying.check.stages.recognition import Evidence, stage_from


def seen(**more: int) -> Evidence:
    usual = {
        "age_days": 400,
        "members": 100,
        "members_before": 100,
        "active": 50,
        "active_before": 50,
        "peak": 52,
        "trough": 49,
    }
    return Evidence(**(usual | more))


@pytest.mark.parametrize(
    ("more", "stage"),
    [
        ({}, Stage.MATURITY),
        ({"age_days": 56}, Stage.START),
        ({"age_days": 57}, Stage.MATURITY),
        ({"members": 105}, Stage.GROWTH),
        ({"members": 104}, Stage.MATURITY),
        ({"active": 55, "peak": 55, "trough": 55}, Stage.GROWTH),
        ({"active": 39, "peak": 52, "trough": 39}, Stage.DECLINE),
        ({"active": 40, "peak": 52, "trough": 40}, Stage.MATURITY),
        ({"active": 30, "active_before": 25, "peak": 52, "trough": 24}, Stage.REVIVAL),
        ({"active": 29, "active_before": 28, "peak": 52, "trough": 24}, Stage.DECLINE),
        ({"members": 0, "members_before": 0, "active": 0, "active_before": 0, "peak": 40, "trough": 0}, Stage.DECLINE),
    ],
)
def test_the_stage_follows_from_the_limits(more: dict[str, int], stage: Stage) -> None:
    assert stage_from(seen(**more)) == stage
