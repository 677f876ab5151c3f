"""Installations of their own, on SQLite and on PostgreSQL, each run by processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.support.home import ROOT, database_under_test
from tests.support.tables import database_with_tables, empty_database, lay_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A home directory with the database that belongs to it."""

    home: Path
    address: str = ""

    def run(self, *what: str) -> subprocess.CompletedProcess[str]:
        """Run the child (see child.py)."""
        return self._run("tests.ground.backups.child", *what)

    def must(self, *what: str) -> dict[str, Any]:
        """What the child tells last; fails with its error where it does not succeed."""
        done = self.run(*what)
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
        return told

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Qunying."""
        return self._run("qunying.doors.cli", *arguments)

    def _run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "qunying.settings",
            "QUNYING_HOME": str(self.home),
            "QUNYING_DATABASE": self.address,
            "QUNYING_LANGUAGE": "en",
            "QUNYING_BACKUP_PASSPHRASE": "correct horse battery staple",
            "LC_ALL": "en_US.UTF-8",
        }
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(
            command,
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            stdin=subprocess.DEVNULL,
        )


class MakePlace(Protocol):
    """`make_place("sqlite")` or `make_place("postgresql")`."""

    def __call__(self, engine: str, *, tables: bool = False) -> Place:
        """An empty place, or one whose tables are empty; tests on PostgreSQL are skipped where there is none."""


@pytest.fixture
def make_place(tmp_path: Path) -> Iterator[MakePlace]:
    """Places that are gone after the test."""
    given = database_under_test()
    numbers = count(1)

    def make(engine: str, *, tables: bool = False) -> Place:
        home = tmp_path / f"home-{len(list(tmp_path.iterdir()))}-{engine}"
        home.mkdir()
        if engine == "sqlite":
            if tables:
                lay_tables(home)
            return Place(home)
        if not given:
            pytest.skip("asks for PostgreSQL: set QUNYING_TEST_DATABASE")
        make_database = database_with_tables if tables else empty_database
        return Place(
            home, databases.enter_context(make_database(given, f"qunying_backup_{os.getpid()}_{next(numbers)}"))
        )

    with ExitStack() as databases:
        yield make
