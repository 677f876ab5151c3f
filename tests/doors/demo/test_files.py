"""The history as files: the same bytes for the same plan, in the formats of the importers."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from qunying.doors.demo.files import write_files
from qunying.doors.demo.history import simulate
from tests.doors.demo.conftest import SMALL

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.doors.demo.happenings import History


def test_the_same_plan_gives_the_same_bytes(history: History, tmp_path: Path) -> None:
    first = write_files(history, tmp_path / "a")
    again = write_files(simulate(SMALL), tmp_path / "b")
    assert [sheet.path.name for sheet in first] == [
        "memberships.csv",
        "members-1.csv",
        "members-2.csv",
        "members-3.csv",
        "events.jsonl",
        "orders.csv",
    ]
    assert [sheet.path.read_bytes() for sheet in again] == [sheet.path.read_bytes() for sheet in first]


def test_each_file_holds_all_of_its_kind(history: History, tmp_path: Path) -> None:
    sheets = write_files(history, tmp_path)
    rows = {sheet.path.name: len(sheet.path.read_text(encoding="utf-8").splitlines()) for sheet in sheets}
    refunds = sum(order.refunded_at is not None for order in history.orders)
    assert rows["memberships.csv"] == 1 + len(history.stays)
    assert sum(rows[f"members-{number}.csv"] - 1 for number in (1, 2, 3)) == SMALL.members
    assert rows["events.jsonl"] == len(history.happenings)
    assert rows["orders.csv"] == 1 + len(history.orders) + refunds


def test_amounts_are_written_in_yuan_with_two_decimals(history: History, tmp_path: Path) -> None:
    sheets = write_files(history, tmp_path)
    with sheets[-1].path.open(encoding="utf-8", newline="") as file:
        paid = [row["实付金额"] for row in csv.DictReader(file) if row["订单状态"] == "已完成"]
    assert paid == [f"{order.amount / 100:.2f}" for order in history.orders]


def test_telephone_numbers_cannot_be_anybodys(history: History, tmp_path: Path) -> None:
    sheets = write_files(history, tmp_path)
    with sheets[1].path.open(encoding="utf-8", newline="") as file:
        phones = [row["phone"] for row in csv.DictReader(file) if row["phone"]]
    assert {phone[:3] for phone in phones} == {"120"}


def test_every_event_carries_an_id_of_its_own(history: History, tmp_path: Path) -> None:
    lines = write_files(history, tmp_path)[-2].path.read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == len(lines)
