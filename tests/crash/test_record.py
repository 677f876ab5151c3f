"""`record` loses nothing it acknowledged and doubles nothing, wherever the process dies."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.crash.child import BATCH
from tests.crash.conftest import KILLED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.conftest import Installation

FACTS = 5 * BATCH
_START = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def facts_file(tmp_path: Path) -> Path:
    """Five batches: people speak in turn, each with words."""
    path = tmp_path / "facts.jsonl"
    rows = [
        {
            "number": number,
            "kind": "spoke",
            "at": (_START + timedelta(minutes=number)).isoformat(),
            "who": f"w{number % 40}",
            "text": f"第{number}句",
        }
        for number in range(FACTS)
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("point", "stored"), [("before_commit", 2 * BATCH), ("after_commit", 3 * BATCH), ("before_answer", 3 * BATCH)]
)
def test_a_death_in_the_third_batch_loses_and_doubles_nothing(
    installation: Installation, facts_file: Path, point: str, stored: int
) -> None:
    slug = installation.community()

    killed = installation.run(point, 3, "record", slug, str(facts_file))
    acknowledged = killed.out.split()
    assert (killed.code, acknowledged) == (KILLED, [str(BATCH - 1), str(2 * BATCH - 1)])
    left = installation.count(slug)
    assert (left["events"], left["messages"], left["doubled"]) == (stored, stored, 0)

    installation.must("record", slug, str(facts_file))
    after = installation.count(slug)
    assert (after["events"], after["messages"], after["doubled"]) == (FACTS, FACTS, 0)
    assert after["memberships"] == 40


def test_dying_again_and_again_still_ends_with_each_fact_once(installation: Installation, facts_file: Path) -> None:
    slug = installation.community()
    for point, nth in (("after_commit", 1), ("before_commit", 3), ("before_answer", 5)):
        assert installation.run(point, nth, "record", slug, str(facts_file)).code == KILLED
    installation.must("record", slug, str(facts_file))
    after = installation.count(slug)
    assert (after["events"], after["messages"], after["doubled"], after["memberships"]) == (FACTS, FACTS, 0, 40)
