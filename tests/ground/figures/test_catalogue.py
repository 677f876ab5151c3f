"""The catalogue's order is that of the definition sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.figures import catalogue

if TYPE_CHECKING:
    import pytest


def test_the_order_does_not_hang_on_what_was_imported_first(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [metric.name for metric in catalogue.all_metrics()]
    by_module = sorted(catalogue._metrics.values(), key=lambda metric: metric.module)
    monkeypatch.setattr(catalogue, "_metrics", {metric.name: metric for metric in by_module})

    assert names[0] == "members_present"
    assert [metric.name for metric in catalogue.all_metrics()] == names
