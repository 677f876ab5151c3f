"""Orders, buyers, revenue and repurchase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.actors import System
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.ground.groups.services import create_community
from qunying.kit.errors import QunyingError
from tests.ground.figures.conftest import days

if TYPE_CHECKING:
    from tests.ground.figures.conftest import Stage

pytestmark = pytest.mark.django_db
MARCH = ("2026-03-01", "2026-03-31")


def buy(order: str, amount: int) -> dict[str, object]:
    return {"object_type": "order", "object_id": order, "amount": amount}


def test_it_takes_the_lines_of_an_order_together(stage: Stage) -> None:
    stage.tell(
        ("a", "ordered", "2026-03-02T10:00", buy("1", 1000)),
        ("a", "ordered", "2026-03-02T10:00", buy("1", 500)),
        ("b", "ordered", "2026-03-03T10:00", buy("2", 2500)),
        ("b", "ordered", "2026-03-03T10:00", {"amount": 700}),
        ("b", "refunded", "2026-03-05T10:00", buy("2", 2500)),
    )
    found = {name: stage.ask(name, *MARCH).value for name in ("orders", "buyers", "revenue")}
    assert found == {"orders": 3, "buyers": 2, "revenue": 2200}
    value = stage.ask("order_value", *MARCH)
    assert (value.value, value.numerator, value.denominator) == (pytest.approx(2200 / 3), 2200, 3)
    assert stage.behind("buyers", *MARCH) == ["a", "b"]


def test_it_counts_second_orders_within_thirty_times_24_hours(stage: Stage) -> None:
    """Methods §1.3: gaps 3, 30.0 and 30.01 days, none, and a buyer of ten days ago: 2 of 4."""
    bought = {
        "a": ["2026-01-01", "2026-01-04"],
        "b": ["2026-01-01", "2026-01-31"],
        "d": ["2026-01-01"],
        "e": ["2026-03-02"],
    }
    stage.tell(
        *[(who, "ordered", f"{day}T12:00", {"amount": 100}) for who, days_ in bought.items() for day in days_],
        ("c", "ordered", "2026-01-01T12:00", {"amount": 100}),
        ("c", "ordered", "2026-01-31T12:15", {"amount": 100}),
    )
    figure = stage.ask("repurchase_rate", "2026-01-01", "2026-03-11")
    assert (figure.value, figure.numerator, figure.denominator) == (0.5, 2, 4)
    assert {row["outcome"]: row["value"] for row in figure.rows} == {"again": 2, "once": 2, "waiting": 1}
    assert stage.behind("repurchase_rate", "2026-01-01", "2026-03-11") == ["a", "b"]


def test_it_does_not_count_an_order_that_was_refunded_in_full(stage: Stage) -> None:
    stage.tell(
        ("a", "ordered", "2026-01-02T10:00", buy("1", 1000)),
        ("a", "ordered", "2026-01-05T10:00", buy("2", 1000)),
        ("a", "refunded", "2026-01-06T10:00", buy("2", 1000)),
        ("b", "ordered", "2026-01-02T10:00", buy("3", 1000)),
        ("b", "ordered", "2026-01-05T10:00", buy("4", 1000)),
        ("b", "refunded", "2026-01-06T10:00", buy("4", 300)),
    )
    figure = stage.ask("repurchase_rate", "2026-01-01", "2026-03-31")
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_it_does_not_add_up_two_currencies(stage: Stage) -> None:
    other = create_community("dollars", name="D", unit=stage.community.unit, by=System("test"), currency="USD")
    with pytest.raises(QunyingError, match="CNY, USD"):
        measure("revenue", scope=Scope((stage.community.pk, other.pk)), period=days(*MARCH))
