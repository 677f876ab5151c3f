"""Imports in processes of their own: killed and taken up by another, and a million rows in flat memory."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from qunying.ground.imports.steps import CHUNK
from tests.support.home import ROOT
from tests.support.tables import lay_tables

if TYPE_CHECKING:
    from pathlib import Path

# Each process has a home of its own on SQLite, whatever the suite runs on.
pytestmark = pytest.mark.once

CHILD = "tests.ground.imports.crash_child"
ROWS = 3 * CHUNK + 10
PATIENCE = 90
MILLION = 1_000_000
MOST_KB = 380_000
MOST_GROWTH_KB = 80_000


def environment(home: Path) -> dict[str, str]:
    """A home of its own, on SQLite whatever the suite runs on."""
    plain = {name: value for name, value in os.environ.items() if name != "QUNYING_DATABASE"}
    return plain | {"QUNYING_HOME": str(home), "DJANGO_SETTINGS_MODULE": "qunying.settings", "QUNYING_LANGUAGE": "en"}


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module to its end, or its death."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False)


def write_orders(path: Path, count: int) -> Path:
    """So many orders of two thousand people, in the order of time."""
    with path.open("w", encoding="utf-8") as file:
        file.write("order_id,platform,member,time,amount,product\n")
        for n in range(count):
            at = f"2024-01-{n * 28 // count + 1:02}T{n // 60 % 24:02}:{n % 60:02}:00+08:00"
            file.write(f"o{n},shop,m{n % 2000},{at},{n % 900}.50,玫瑰\n")
    return path


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh installation, made once."""
    home = tmp_path_factory.mktemp("template") / "home"
    lay_tables(home)
    assert run(home, "qunying.doors.cli", "init", "--no-input").returncode == 0
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A fresh installation for this test."""
    return shutil.copytree(template, tmp_path / "home")


@pytest.mark.parametrize(
    ("point", "nth", "found"),
    [("before_commit", 2, CHUNK), ("after_commit", 2, 2 * CHUNK), ("before_done", 0, ROWS)],
)
def test_a_killed_job_is_taken_up_and_loses_and_doubles_nothing(
    home: Path, tmp_path: Path, point: str, nth: int, found: int
) -> None:
    file = write_orders(tmp_path / "orders.csv", ROWS)
    assert run(home, CHILD, "start", str(file), point, str(nth)).returncode == -9
    survived = run(home, CHILD, "survive")
    assert survived.stderr == ""
    whole = {"rows": ROWS, "stored": ROWS, "duplicates": 0, "rejected": 0}
    assert json.loads(survived.stdout) == {"found": found, "events": ROWS, "state": "done", **whole}


def test_a_worker_takes_a_queued_import_to_its_end(home: Path, tmp_path: Path) -> None:
    file = write_orders(tmp_path / "orders.csv", ROWS)
    queued = run(home, CHILD, "queue", str(file))
    assert (queued.returncode, queued.stderr) == (0, "")
    command = [sys.executable, "-m", "qunying.doors.cli", "worker", "--only", "bulk"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(home)) as worker:
        ended = wait_for_end(home)
        worker.send_signal(signal.SIGINT)
    assert ended == ("done", ROWS)


def wait_for_end(home: Path) -> tuple[str, int]:
    """State of the one job, and rows done, once it has ended or a minute and a half is over."""
    deadline = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(home / "qunying.sqlite3")) as database:
        while True:
            state, done = database.execute("SELECT state, done FROM jobs_job").fetchone()
            if state not in {"waiting", "running"} or time.monotonic() > deadline:
                return state, done
            time.sleep(0.3)


MEASURED = """
import json, resource, subprocess, sys
said = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True).stdout
# Linux counts in kilobytes, macOS in bytes.
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print(json.dumps({"peak": peak, "result": json.loads(said)}))
"""
"""Started between the suite and the import: Linux counts into a process's peak what it was forked from."""


def peak_of_import(home: Path, file: Path) -> tuple[int, dict[str, object]]:
    """The peak of memory in kB, and the result, of an import at the command line."""
    asked = [sys.executable, "-m", "qunying.doors.cli", "import", "orders", str(file), "--community", "c", "--json"]
    command = [sys.executable, "-c", MEASURED, *asked]
    done = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    return said["peak"], said["result"]


@pytest.mark.long
def test_a_million_rows_need_no_more_memory_than_a_tenth(home: Path, tmp_path: Path) -> None:
    assert run(home, "qunying.doors.cli", "community", "create", "c", "--name", "c").returncode == 0
    small, _result = peak_of_import(home, write_orders(tmp_path / "small.csv", MILLION // 10))
    large, result = peak_of_import(home, write_orders(tmp_path / "large.csv", MILLION))
    assert (result["rows"], result["rejected"]) == (MILLION, 0)
    assert large <= MOST_KB
    assert large - small <= MOST_GROWTH_KB
