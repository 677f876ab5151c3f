"""Reading the log beside a writer."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.warehouse.projection import SCHEMA, facts_after, facts_to_move

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

TRY = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], timeout=0.1, isolation_level=None)
try:
    other.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError:
    sys.exit(3)
"""


def speak(community: Community) -> None:
    record(
        [Fact("spoke", datetime(2026, 3, 2, 4, 0, 0, 250_000, tzinfo=UTC), ("1",), who=Who("test", "a"))],
        community=community,
        source="test",
    )


@pytest.mark.django_db(transaction=True)
def test_both_ways_of_reading_give_the_same_rows(community: Community) -> None:
    """Outside a transaction PostgreSQL is read by ADBC, inside by Django."""
    speak(community)
    outside = facts_to_move((0, 0), limit=10)
    with transaction.atomic():
        inside = facts_after((0, 0))
    assert outside.equals(inside)
    assert outside.schema == SCHEMA
    assert (outside["occurred_at"][0].as_py(), str(outside["day"][0])) == (
        datetime(2026, 3, 2, 4, 0, 0, 250_000, tzinfo=UTC),
        "2026-03-02",
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its locks on the server")
def test_reading_does_not_let_go_of_the_lock_of_a_writer(community: Community) -> None:
    """A second SQLite library in the process would (decision 0030): closing its file drops the process's locks."""
    speak(community)
    path = str(connection.settings_dict["NAME"])
    connection.close()
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("BEGIN IMMEDIATE")
        assert facts_to_move((0, 0), limit=10).num_rows == 1
        connection.close()
        assert subprocess.run([sys.executable, "-c", TRY, path], check=False, timeout=30).returncode == 3
    finally:
        writer.close()
