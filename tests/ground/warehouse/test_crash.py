"""`kill -9` between any two steps of a batch: nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tables import lay_tables

# Homes of their own on SQLite, whatever the suite runs on.
pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[3]
SPEAK = """
from datetime import UTC, datetime, timedelta
from qunying.ground.audit.actors import System
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Community
from qunying.ground.groups.services import create_community
from qunying.ground.members.services import Who
from qunying.ground.units.services import create_unit
by = System("test")
place = Community.objects.first() or create_community("c", name="C", unit=create_unit("U", by=by), by=by)
at = datetime(2026, 3, 2, 4, tzinfo=UTC)
record([Fact("spoke", at + timedelta(hours=key), (START, key), who=Who("test", "a")) for key in range(5)],
       community=place, source="test")
"""
KILL = """
import os, signal
from qunying.ground.warehouse import services
kept = services.NAME
def die(*args, **kwargs):
    WHEN
services.NAME = die
services.catch_up()
"""
BEFORE = "os.kill(os.getpid(), signal.SIGKILL)"
AFTER = "kept(*args, **kwargs); os.kill(os.getpid(), signal.SIGKILL)"
COUNT = """
import pyarrow.parquet as pq
from qunying.ground.warehouse.lake import files_of, open_lake
from qunying.ground.warehouse.models import LakeBatch
from qunying.ground.warehouse.queries import open_snapshot
from qunying.ground.warehouse.services import catch_up
def seen():
    snapshot = open_snapshot()
    lake = [pk for file in snapshot.lake.files for pk in pq.ParquetFile(file.path).read(["id"])["id"].to_pylist()]
    return sorted(lake + snapshot.tail["id"].to_pylist())
before = seen()
catch_up()
after = seen()
assert before == after == list(range(1, 11)), (before, after)
assert not LakeBatch.objects.filter(committed=False).exists()
assert sum(file.rows for file in files_of(open_lake()).files) == 10
"""


def run(home: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run the code in a process of its own on this home directory."""
    environment = {**os.environ, "QUNYING_HOME": str(home), "DJANGO_SETTINGS_MODULE": "qunying.settings"}
    environment.pop("QUNYING_DATABASE", None)
    whole = "import django; django.setup()\n" + code
    command = [sys.executable, "-W", "ignore", "-c", whole]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def half_moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home directory with five facts in the lake and five waiting, to be copied."""
    home = tmp_path_factory.mktemp("crash") / "home"
    lay_tables(home)
    move = "from qunying.ground.warehouse.services import catch_up\ncatch_up()\n"
    done = run(home, SPEAK.replace("START", "1") + move + SPEAK.replace("START", "2"))
    assert done.returncode == 0, done.stderr
    return home


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("_store_range", BEFORE),  # facts read, nothing stored
        ("append_batch", BEFORE),  # the range is stored, the lake untouched
        ("append_batch", AFTER),  # in the lake, not marked
        ("_mark_committed", AFTER),  # all done, nobody told
    ],
)
def test_nothing_is_lost_and_nothing_doubled(half_moved: Path, tmp_path: Path, name: str, when: str) -> None:
    home = shutil.copytree(half_moved, tmp_path / "home")
    killed = run(home, KILL.replace("NAME", name).replace("WHEN", when))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    counted = run(home, COUNT)
    assert counted.returncode == 0, counted.stderr
