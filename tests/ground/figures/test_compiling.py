"""A metric is put into SQL once, and before anybody waits for it."""

from __future__ import annotations

import pytest

from qunying.ground.figures import compiling
from qunying.ground.figures.catalogue import all_metrics, metric_named


def test_a_warm_process_compiles_no_metric_again(monkeypatch: pytest.MonkeyPatch) -> None:
    compiling.compile_catalogue()
    monkeypatch.setattr(compiling, "to_sql", lambda _table: pytest.fail("compiled again"))
    for metric in (one for one in all_metrics() if one.count is not None):
        assert compiling.compiled(metric, metric.check({})).tables


def test_other_parameters_are_another_statement() -> None:
    metric = metric_named("active_members")
    speaking, seen = (
        compiling.compiled(metric, metric.check({"grade": grade})).people for grade in ("speaking", "seen")
    )
    assert speaking != seen
