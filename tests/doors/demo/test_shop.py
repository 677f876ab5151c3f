"""Orders: real prices, only from people who are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qunying.doors.demo.happenings import History


def test_order_numbers_are_never_used_twice(year: History) -> None:
    assert len({order.number for order in year.orders}) == len(year.orders)


def test_amounts_are_whole_fen_of_units_times_price(year: History) -> None:
    assert all(order.amount > 0 and order.amount % order.units == 0 for order in year.orders)


def test_a_few_orders_go_back_after_they_were_paid(year: History) -> None:
    back = [order for order in year.orders if order.refunded_at is not None]
    assert 0.01 < len(back) / len(year.orders) < 0.04
    assert all(order.refunded_at > order.at for order in back if order.refunded_at)


def test_only_people_who_are_in_a_group_buy(history: History) -> None:
    spans: dict[int, list[tuple[object, object]]] = {}
    for stay in history.stays:
        spans.setdefault(stay.person.number, []).append((stay.joined_at, stay.left_at))
    for order in history.orders:
        assert any(
            joined < order.at and (left is None or order.at < left) for joined, left in spans[order.person.number]
        )
