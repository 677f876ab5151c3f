"""The history as import files, the way a shop would export them from its tools."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from qunying.doors.demo.plan import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qunying.doors.demo.happenings import Happening, History, Order
    from qunying.doors.demo.people import Person

_FEN = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """One import file: its format, and the group it is about where the file does not say."""

    path: Path
    format: str
    group: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of what it holds."""
        return sha256(self.path.read_bytes()).hexdigest()


def write_files(history: History, folder: Path) -> list[Sheet]:
    """Write the history into `folder`, in the order in which the files are to be imported.

    Comings and goings first, so that they open every membership with its channel; then what is known
    of the people of each group, everything they did, and their orders. The same history gives the
    same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sheets = [Sheet(folder / "memberships.csv", "memberships")]
    _write_table(sheets[0].path, _MEMBERSHIPS, _memberships(history))
    for number, group in enumerate(history.plan.groups, 1):
        sheets.append(Sheet(folder / f"members-{number}.csv", "members", group))
        _write_table(sheets[-1].path, _member_header(history), _members(history, group))
    sheets += [Sheet(folder / "events.jsonl", "events"), Sheet(folder / "orders.csv", "orders")]
    _write_lines(sheets[-2].path, history.happenings)
    _write_table(sheets[-1].path, _ORDERS, _orders(history.orders))
    return sheets


_MEMBERSHIPS = ("platform", "external_id", "name", "group", "joined_at", "left_at", "role", "channel", "inviter")
_ORDERS = ("订单号", "平台", "买家id", "付款时间", "商品", "数量", "实付金额", "订单状态")


def _write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _memberships(history: History) -> Iterable[Sequence[str]]:
    for stay in history.stays:
        yield (
            PLATFORM,
            stay.person.external_id,
            stay.person.name,
            stay.group,
            stay.joined_at.isoformat(),
            stay.left_at.isoformat() if stay.left_at else "",
            stay.role,
            stay.channel,
            stay.inviter.external_id if stay.inviter else "",
        )


def _member_header(history: History) -> tuple[str, ...]:
    dimensions = {name: None for person in history.people for name in person.tags}
    return ("platform", "external_id", "name", "phone", "joined_at", *dimensions)


def _members(history: History, group: str) -> Iterable[Sequence[str]]:
    header = _member_header(history)
    told: set[int] = set()
    for stay in history.stays:
        person = stay.person
        if stay.group == group and stay.is_main and person.number not in told:
            told.add(person.number)
            tags = [person.tags.get(name, "") for name in header[5:]]
            yield (PLATFORM, person.external_id, person.name, person.phone, stay.joined_at.isoformat(), *tags)


def _orders(orders: Iterable[Order]) -> Iterable[Sequence[str]]:
    for order in orders:
        yield _order_row(order, order.at.isoformat(" "), order.amount, "已完成")
        if order.refunded_at is not None:
            yield _order_row(order, order.refunded_at.isoformat(" "), order.amount, "已退款")


def _order_row(order: Order, at: str, amount: int, status: str) -> Sequence[str]:
    money = f"{amount // _FEN}.{amount % _FEN:02d}"
    return (order.number, PLATFORM, order.person.external_id, at, order.product, str(order.units), money, status)


def _write_lines(path: Path, happenings: Iterable[Happening]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for number, each in enumerate(happenings, 1):
            row = {"id": f"sim-{number:06d}", "kind": each.kind, "time": each.at.isoformat(), **_said(each)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _said(each: Happening) -> dict[str, object]:
    cells = {
        "platform": PLATFORM,
        "who": each.person.external_id,
        "group": each.group,
        "target": _id(each.target),
        "object_type": each.object_type,
        "object": each.object_id,
        "text": each.text,
        "payload": each.payload,
    }
    return {name: value for name, value in cells.items() if value}


def _id(person: Person | None) -> str:
    return person.external_id if person else ""
