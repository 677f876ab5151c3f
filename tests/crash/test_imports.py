"""An import killed anywhere loses nothing it stored, and the same file again stores only what lacks."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.imports.steps import CHUNK
from tests.crash.conftest import KILLED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.conftest import Installation

ROWS = 4 * CHUNK + 100
_START = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def orders_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five chunks of orders of forty people."""
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("order_id", "platform", "member", "time", "amount", "product"))
        for number in range(ROWS):
            at = (_START + timedelta(minutes=number)).isoformat()
            writer.writerow((f"o{number}", "shop", f"m{number % 40}", at, f"{number % 90 + 1}.50", "玫瑰"))
    return path


@pytest.mark.parametrize(
    ("point", "nth", "stored"),
    [
        ("before_commit", 1, 0),
        ("before_commit", 3, 2 * CHUNK),
        ("after_commit", 3, 3 * CHUNK),
        ("before_answer", 5, ROWS),
    ],
)
def test_the_same_file_again_stores_exactly_what_the_death_left_out(
    installation: Installation, orders_file: Path, point: str, nth: int, stored: int
) -> None:
    slug = installation.community()
    command = ("cli", "import", "orders", str(orders_file), "--community", slug, "--json")

    killed = installation.run(point, nth, *command)
    assert (killed.code, killed.out) == (KILLED, "")
    assert installation.count(slug)["events"] == stored

    again = json.loads(installation.must(*command))
    assert (again["rows"], again["stored"], again["duplicates"]) == (ROWS, ROWS - stored, stored)
    after = installation.count(slug)
    assert (after["events"], after["doubled"], after["kinds"]) == (ROWS, 0, {"ordered": ROWS})
