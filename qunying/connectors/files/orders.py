"""Orders from any shop: one row an order, or one a line of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._people import (
    GROUP,
    LONGEST_ID,
    PLATFORM,
    PLATFORM_OPTION,
    TIMEZONE_OPTION,
    RowError,
    minor,
    number,
    person,
    text,
    when,
)
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Column, Importer, Option, Rejection, register_importer
from qunying.ground.imports.tabular import mapped_columns, mapped_rows, sniff_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_LONGEST_ORDER = 80
_WORDS = {
    "paid": "paid,completed,complete,finished,shipped,delivered,success,"
    "已付款,已支付,已完成,交易完成,交易成功,已发货,待发货,待收货,已收货,已签收",
    "unpaid": "unpaid,pending,cancelled,canceled,closed,待付款,待支付,未付款,未支付,已取消,已关闭,交易关闭",
    "refunded": "refunded,refund,returned,已退款,退款成功,退款完成,已退货",
}

COLUMNS = (
    Column(
        "order_id",
        _("The order's number; several rows may share it."),
        needed=True,
        aliases=("订单号", "订单编号", "订单id", "交易编号", "order_no", "order"),
    ),
    Column(
        "member",
        _("The buyer's account id."),
        needed=True,
        aliases=(
            "买家",
            "买家id",
            "会员id",
            "会员号",
            "会员",
            "客户id",
            "用户id",
            "external_id",
            "customer_id",
            "customer",
            "user_id",
            "buyer",
            "member_id",
            "household_id",
        ),
    ),
    Column(
        "time",
        _("When it was paid."),
        needed=True,
        aliases=(
            "付款时间",
            "支付时间",
            "下单时间",
            "订单时间",
            "成交时间",
            "时间",
            "order_date",
            "paid_at",
            "date",
            "ordered_at",
        ),
    ),
    Column(
        "amount",
        _("What was paid, in the community's currency; below zero is money given back."),
        needed=True,
        aliases=("实付金额", "实付", "支付金额", "付款金额", "订单金额", "金额", "paid", "total", "price", "revenue"),
    ),
    PLATFORM,
    GROUP,
    Column(
        "line_id",
        _("The number of the line within the order."),
        aliases=("明细编号", "子订单号", "子订单编号", "行号", "line"),
    ),
    Column(
        "product",
        _("What was bought."),
        aliases=("商品", "商品名称", "商品名", "商品编码", "sku", "product_id", "item"),
    ),
    Column("units", _("How many."), aliases=("数量", "件数", "购买数量", "quantity", "qty")),
    Column(
        "status", _("Paid, unpaid or refunded, in the words of the options."), aliases=("状态", "订单状态", "交易状态")
    ),
    Column("name", _("The buyer's name as shown."), aliases=("买家昵称", "昵称", "买家姓名", "nickname")),
    Column("channel", _("The source of the order."), aliases=("渠道", "来源", "订单来源")),
)


def sniff(source: Source) -> float:
    """How much the header is one of orders."""
    return sniff_columns(source, COLUMNS, marks=("order_id",))


def read(source: Source, context: Context) -> Iterator[Item]:
    """One `ordered` or `refunded` a row. Without line ids, lines are told apart by product and order in the file."""
    matched = mapped_columns(source, COLUMNS, context.columns)
    states = _states(context.options)
    for row in mapped_rows(source, matched, needed=("order_id", "member", "time", "amount")):
        if isinstance(row, Rejection):
            yield row
            continue
        place, cells, _raw = row
        try:
            yield _line(cells, context, states)
        except RowError as error:
            yield error.at(place, matched.columns)


def _states(options: Mapping[str, str]) -> dict[str, str]:
    states = {word: state for state, words in _WORDS.items() for word in words.split(",")}
    for state in _WORDS:
        states |= {word.strip().casefold(): state for word in options.get(state, "").split(",") if word.strip()}
    return states


def _line(cells: dict[str, str], context: Context, states: Mapping[str, str]) -> Item:
    status = cells.get("status", "")
    state = states.get(status.casefold()) if status else "paid"
    if state is None:
        raise RowError("unknown_status", "status", status)
    if state == "unpaid":
        return NOTHING
    amount = minor(cells, "amount", context)
    return _fact(cells, context, amount, refunded=state == "refunded" or amount < 0)


def _fact(cells: dict[str, str], context: Context, amount: int, *, refunded: bool) -> Fact:
    who = person(cells, context, column="member", default="shop")
    order, product = text(cells, "order_id", _LONGEST_ORDER), text(cells, "product", LONGEST_ID)
    kind = "refunded" if refunded else "ordered"
    line = cells.get("line_id", "")
    key: tuple[str | int, ...] = (kind, order, "line", line) if line else (kind, order, "product", product)
    if not line:
        key = (*key, context.repeats.seen(*key))
    return Fact(
        kind,
        when(cells, "time", context),
        key,
        who=who,
        group_id=context.group(cells.get("group", ""), platform=who.platform),
        object_type="order",
        object_id=order,
        channel_key=text(cells, "channel", 64),
        amount=abs(amount),
        payload={} if refunded else _payload(cells, product),
    )


def _payload(cells: Mapping[str, str], product: str) -> dict[str, object]:
    payload: dict[str, object] = {"product": product} if product else {}
    if cells.get("units"):
        payload["units"] = number(cells, "units")
    return payload


register_importer(
    Importer(
        name="orders",
        label=_("Orders"),
        looks=_("a table with the columns order_id, member, time and amount"),
        columns=COLUMNS,
        platform="shop",
        options=(
            PLATFORM_OPTION,
            TIMEZONE_OPTION,
            Option("paid", _("Words in the status column that mean paid, with commas between.")),
            Option("unpaid", _("Words in the status column that mean not paid; such rows are passed over.")),
            Option("refunded", _("Words in the status column that mean money given back.")),
        ),
        sniff=sniff,
        read=read,
    )
)
