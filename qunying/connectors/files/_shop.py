"""What the order tables of shop systems share: whole orders or their lines, buyers by id, telephone or name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import LONGEST_NAME, LONGEST_OBJECT, named
from qunying.connectors.files._people import GROUP, LONGEST_ID, TIMEZONE_OPTION, RowError, minor, number, text, when
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Column, Importer, Profile, Rejection, Row, register_importer
from qunying.ground.imports.tabular import NO_TABLE, mapped_columns, mapped_rows, match_columns
from qunying.ground.members.private import tidy_private
from qunying.ground.members.services import Who
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import QunyingError
from qunying.kit.keys import require_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.functional import _StrPromise

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_UNPAID = ("待付款", "待支付", "未付款", "未支付", "等待买家付款", "已取消", "取消", "未成团")
_CLOSED = ("已关闭", "交易关闭", "订单关闭", "关闭")
_BACK = ("已退款", "退款成功", "退款完成", "全额退款", "已全额退款", "退货退款")

_MEANINGS: dict[str, _StrPromise] = {
    "order_id": _("The order's number; several rows may share it."),
    "status": _("The state of the order, in the shop's words."),
    "paid_at": _("When it was paid."),
    "ordered_at": _("When it was placed."),
    "buyer_id": _("The buyer's id in the shop."),
    "phone": _("The buyer's telephone number; kept encrypted."),
    "name": _("The buyer's name as shown."),
    "line_id": _("The number of the line within the order."),
    "product": _("What was bought."),
    "units": _("How many."),
    "line_amount": _("What was paid for this line."),
    "amount": _("What was paid for the whole order."),
    "refunded": _("What was given back."),
    "channel": _("The source of the order."),
}


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop system's table: other names of its columns and the headers only it has."""

    name: str
    label: _StrPromise
    looks: _StrPromise
    where: _StrPromise
    platform: str
    aliases: Mapping[str, tuple[str, ...]]
    marks: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, for the wizard and the mapping."""
        own = tuple(
            Column(name, _MEANINGS[name], needed=name == "order_id", aliases=aliases)
            for name, aliases in self.aliases.items()
        )
        return (*own, GROUP)


def register_shop(shop: Shop) -> Importer:
    """Make the importer of a shop system's orders."""
    return register_importer(
        Importer(
            name=shop.name,
            label=shop.label,
            looks=shop.looks,
            columns=shop.columns,
            options=(TIMEZONE_OPTION,),
            platform=shop.platform,
            sniff=lambda source: _sniff(source, shop),
            read=lambda source, context: _read(source, context, shop),
            where=shop.where,
        )
    )


def _sniff(source: Source, shop: Shop) -> float:
    if source.shape in NO_TABLE:
        return 0.0
    try:
        header = source.header
    except QunyingError:
        return 0.0
    names = {name.strip() for name in header}
    if match_columns(header, shop.columns, {}).missing:
        return 0.0
    return 1.0 if any(names.issuperset(marks) for marks in shop.marks) else 0.0


def _read(source: Source, context: Context, shop: Shop) -> Iterator[Item]:
    matched = mapped_columns(source, shop.columns, context.columns)
    for row in mapped_rows(source, matched, needed=("order_id",)):
        if isinstance(row, Rejection):
            yield row
            continue
        place, cells, _raw = row
        try:
            yield _order(cells, context, shop)
        except RowError as error:
            yield error.at(place, matched.columns)


def _order(cells: dict[str, str], context: Context, shop: Shop) -> Item:
    """`ordered`, and `refunded` for what was given back. An order that was never paid says nothing."""
    status = cells.get("status", "")
    back = minor(cells, "refunded", context) if _filled(cells, "refunded") else 0
    never_paid = status in _UNPAID or (status in _CLOSED and not cells.get("paid_at"))
    if never_paid:
        return NOTHING
    column = "line_amount" if _filled(cells, "line_amount") else "amount"
    if not _filled(cells, column):
        raise RowError("empty_cell", "amount")
    amount = minor(cells, column, context)
    if status in _BACK or (status in _CLOSED and not back):
        back = back or amount
    who, profile = _buyer(cells, shop)
    facts = list(_facts(cells, context, who, amount, back, whole=column == "amount"))
    return Row(tuple(facts), profile)


def _facts(  # noqa: PLR0913 - the parts of an order
    cells: dict[str, str], context: Context, who: Who, amount: int, back: int, *, whole: bool
) -> Iterator[Fact]:
    order, product = text(cells, "order_id", LONGEST_OBJECT), text(cells, "product", LONGEST_ID)
    if amount < 0 or back < 0:
        raise RowError("bad_amount", "amount", str(amount), currency=context.community.currency)
    moment = "paid_at" if cells.get("paid_at") else "ordered_at"
    if not cells.get(moment):
        raise RowError("empty_cell", "paid_at")
    shared: dict[str, Any] = {
        "who": who,
        "group_id": context.group(cells.get("group", ""), platform=who.platform),
        "object_type": "order",
        "object_id": order,
    }
    at, key = when(cells, moment, context), _key(cells, order, product, context, whole=whole)
    payload: dict[str, object] = {"product": product} if product else {}
    if cells.get("units"):
        payload["units"] = number(cells, "units")
    channel = text(cells, "channel", 64)
    yield Fact("ordered", at, ("ordered", *key), amount=amount, payload=payload, channel_key=channel, **shared)
    if back:
        yield Fact("refunded", at, ("refunded", *key, back), amount=back, **shared)


def _key(cells: Mapping[str, str], order: str, product: str, context: Context, *, whole: bool) -> tuple[str | int, ...]:
    """A row that gives only the order's amount tells of the whole order, however many rows repeat it."""
    if whole:
        return (order,)
    if cells.get("line_id"):
        return (order, "line", cells["line_id"])
    return (order, "product", product, context.repeats.seen(order, product))


def _filled(cells: Mapping[str, str], column: str) -> bool:
    return cells.get(column, "") not in {"", "-", "--", "/"}


def _buyer(cells: Mapping[str, str], shop: Shop) -> tuple[Who, Profile | None]:
    """The buyer's account: the shop's id, else a digest of the telephone number, else the name alone."""
    name, phone = cells.get("name", "")[:LONGEST_NAME], ""
    if cells.get("phone") and "*" not in cells["phone"]:
        try:
            phone = tidy_private("phone", cells["phone"])
        except QunyingError:
            raise RowError("bad_phone", "phone", cells["phone"]) from None
    if cells.get("buyer_id"):
        who = Who(shop.platform, text(cells, "buyer_id", LONGEST_ID), name)
    elif phone:
        # The number itself is private and no id for everyone to read.
        digest = keyed_digest(require_keys(settings.KEYRING).digest, "buyer", phone).hex()
        who = Who(shop.platform, f"phone:{digest}", name)
    elif name:
        who = named(shop.platform, name)
    else:
        raise RowError("no_buyer", "buyer_id")
    return who, Profile(who, {"phone": phone}) if phone else None
