"""What people buy, and what goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from qunying.doors.demo.dice import Dice
from qunying.doors.demo.happenings import Order
from qunying.doors.demo.rhythm import moment, mood_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.doors.demo.episodes import Episode
    from qunying.doors.demo.people import Stay
    from qunying.doors.demo.plan import Plan


@dataclass(frozen=True, slots=True)
class Product:
    """One thing on the shelf; `price` in fen."""

    name: str
    price: int


_WEEKLY = Product("周花套餐", 5900)
_SHELF = (
    (Product("混搭花束", 9900), 20.0),
    (Product("向日葵一扎", 3990), 14.0),
    (Product("洋桔梗一扎", 4500), 12.0),
    (Product("红玫瑰十一枝", 12800), 9.0),
    (Product("香槟玫瑰十九枝", 19900), 5.0),
    (Product("桌花", 16800), 4.0),
    (Product("开业花篮", 29800), 2.0),
    (Product("多肉小盆", 2500), 9.0),
    (Product("绿萝", 3200), 6.0),
    (Product("玻璃花瓶", 4500), 6.0),
    (Product("手作课名额", 12800), 3.0),
    (Product("尾货盲盒", 1990), 10.0),
)
_GIFT = "礼盒"
_GIFT_PRICE = 26800
_SUBSCRIBED = 0.1
_REFUNDED = 0.026


def make_orders(plan: Plan, episodes: Sequence[Episode], stays: Sequence[Stay]) -> list[Order]:
    """Every order of the history in order of time; only people who are in a group that day buy."""
    dice = Dice(plan.seed, "orders")
    buyers = [stay for stay in stays if stay.is_main and stay.person.buys > 0]
    orders: list[Order] = []
    for number in range(plan.days):
        orders += _orders_of(plan.day(number), plan, episodes, buyers, dice)
    return orders


def _orders_of(day: date, plan: Plan, episodes: Sequence[Episode], buyers: Sequence[Stay], dice: Dice) -> list[Order]:
    mood = mood_of(day, plan, episodes)
    sold: list[tuple[datetime, Stay]] = []
    for stay in buyers:
        here = stay.joined_at.date() < day and (stay.left_at is None or stay.left_at.date() > day)
        if here and dice.chance(stay.person.buys * mood.buy) and not stay.person.away(day):
            sold.append((moment(day, dice, buying=True), stay))
    sold.sort(key=lambda each: (each[0], each[1].person.number))
    festival = mood.festival if mood.buy > 1.5 else ""  # noqa: PLR2004 - only around a great festival
    return [
        _order(f"HJ{day:%Y%m%d}{place:04d}", stay, at, festival, plan, dice) for place, (at, stay) in enumerate(sold, 1)
    ]


def _order(number: str, stay: Stay, at: datetime, festival: str, plan: Plan, dice: Dice) -> Order:  # noqa: PLR0913, PLR0917 - what an order is made of
    product = _product(stay, festival, dice)
    units = dice.weigh(((1, 0.84), (2, 0.12), (3, 0.04)))
    order = Order(number, stay.person, at, product.name, units, product.price * units)
    back = at + timedelta(days=dice.whole(1, 4), seconds=dice.whole(0, 7200))
    gone = stay.left_at is not None and stay.left_at <= back
    if dice.chance(_REFUNDED) and back.date() <= plan.last and not gone:
        order.refunded_at = back
    return order


def _product(stay: Stay, festival: str, dice: Dice) -> Product:
    if festival and dice.chance(0.55):
        return Product(festival + _GIFT, _GIFT_PRICE)
    if stay.person.buys > _SUBSCRIBED and dice.chance(0.6):
        return _WEEKLY
    return dice.weigh(_SHELF)
