from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.figures.catalogue import all_metrics
from qunying.ground.figures.recorded import GAPS, GAPS_SHORT, Gap, gap_in, gap_of, knows_roster, orders_alone

if TYPE_CHECKING:
    from tests.ground.figures.conftest import Stage

pytestmark = pytest.mark.django_db(transaction=True)


def _gaps(stage: Stage, *asked: tuple[str, dict[str, object]]) -> list[Gap | None]:
    return [gap_in(name, params, scope=stage.scope) for name, params in asked]


CHAT = (
    ("churn_rate", {}),
    ("leaves", {}),
    ("active_rate", {"grade": "interactive"}),
    ("interactions", {}),
    ("revenue", {}),
    ("repurchase_rate", {}),
    ("funnel", {"steps": ("joined", "ordered")}),
    ("messages", {}),
    ("active_rate", {"grade": "speaking"}),
    ("retention", {"day": 7}),
    ("members_present", {}),
)


def test_a_chat_without_leavings_reactions_and_orders_says_so(stage: Stage) -> None:
    stage.tell(("甲", "spoke", "2026-03-02"), ("乙", "spoke", "2026-03-03"))
    assert _gaps(stage, *CHAT) == [
        Gap.LEAVES,
        Gap.LEAVES,
        Gap.INTERACTIONS,
        Gap.INTERACTIONS,
        Gap.ORDERS,
        Gap.ORDERS,
        Gap.STEP,
        None,
        None,
        None,
        None,
    ]


def test_a_shop_of_orders_alone_has_no_messages(stage: Stage) -> None:
    stage.tell(("甲", "ordered", "2026-03-02", {"amount": 500, "object_id": "1"}))
    assert _gaps(stage, ("orders", {}), ("messages", {}), ("dau", {"grade": "speaking"}), ("dau", {})) == [
        None,
        Gap.MESSAGES,
        Gap.MESSAGES,
        None,
    ]


def test_one_record_ever_makes_later_zeroes_true(stage: Stage) -> None:
    stage.tell(
        ("甲", "joined", "2026-01-02"),
        ("乙", "joined", "2026-01-02"),
        ("乙", "left", "2026-01-05"),
        ("甲", "liked", "2026-01-06"),
        ("甲", "spoke", "2026-03-02"),
    )
    churn = stage.ask("churn_rate", "2026-03-01", "2026-03-02")
    reactions = stage.ask("interactions", "2026-03-01", "2026-03-02")
    assert (churn.value, gap_of(churn)) == (0.0, None)
    assert (reactions.value, gap_of(reactions)) == (0, None)


def test_a_zero_of_what_was_never_recorded_is_a_gap(stage: Stage) -> None:
    stage.tell(("甲", "spoke", "2026-03-01"), ("甲", "spoke", "2026-03-02"))
    churn = stage.ask("churn_rate", "2026-03-02", "2026-03-02")
    assert (churn.value, gap_of(churn)) == (0.0, Gap.LEAVES)


def test_a_community_without_any_fact_has_every_gap(stage: Stage) -> None:
    assert _gaps(stage, ("messages", {}), ("churn_rate", {}), ("mau", {})) == [Gap.MESSAGES, Gap.LEAVES, Gap.ACTS]


def test_every_metric_can_be_asked_and_every_gap_has_words(stage: Stage) -> None:
    stage.tell(("甲", "spoke", "2026-03-02"))
    found = {gap_in(metric.name, {}, scope=stage.scope) for metric in all_metrics()}
    assert found == {None, Gap.LEAVES, Gap.INTERACTIONS, Gap.ORDERS, Gap.STEP}
    assert set(GAPS) == set(GAPS_SHORT) == set(Gap)


def test_a_roster_is_known_from_the_first_coming_or_going_on(stage: Stage) -> None:
    stage.tell(("甲", "spoke", "2026-03-02"))
    before = knows_roster(stage.scope)
    stage.tell(("乙", "joined", "2026-03-03"))
    assert (before, knows_roster(stage.scope)) == (False, True)


def test_a_shop_of_orders_alone_is_known_until_anything_else_is_told(stage: Stage) -> None:
    assert orders_alone(stage.scope) is False
    stage.tell(("甲", "ordered", "2026-03-02", {"amount": 500, "object_id": "1"}))
    assert orders_alone(stage.scope) is True
    stage.tell(("甲", "read", "2026-03-03"))
    assert orders_alone(stage.scope) is False


def test_a_shop_whose_buyers_join_is_more_than_orders(stage: Stage) -> None:
    stage.tell(("甲", "joined", "2026-03-01"), ("甲", "ordered", "2026-03-02", {"amount": 500, "object_id": "1"}))
    assert orders_alone(stage.scope) is False
