"""Wherever the loop dies, every member meets each step once: none is left standing, none is told anything twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.crash.conftest import KILLED

if TYPE_CHECKING:
    from tests.crash.conftest import Installation

PEOPLE = 5


@pytest.mark.parametrize(("point", "nth"), [("before_commit", 1), ("after_commit", 1), ("before_commit", 2)])
def test_a_killed_loop_leaves_nobody_behind_and_doubles_nothing(
    installation: Installation, point: str, nth: int
) -> None:
    slug = installation.community()
    installation.must("journey", slug, str(PEOPLE))
    assert installation.run(point, nth, "walk", "0").code == KILLED
    installation.must("walk", "0")
    assert installation.run(point, 1, "walk", "1").code == KILLED
    installation.must("walk", "1")
    assert json.loads(installation.must("ledger", slug)) == {
        "began": PEOPLE,
        "ended": PEOPLE,
        "steps": dict.fromkeys(("call", "day", "hello", "mark", "tip"), PEOPLE),
        "deliveries": 2 * PEOPLE,
    }
