"""An installation of its own for processes that are killed, and the way to run and kill them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import IO, TYPE_CHECKING, Any, cast

import pytest

from tests.support.home import ROOT, database_under_test
from tests.support.tables import database_with_tables, lay_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLED = -9


@dataclass(frozen=True)
class Run:
    """How a process ended, and what it said before."""

    code: int
    out: str
    err: str


@dataclass
class Installation:
    """A home directory and a database that no other test uses, and the process that forks (see child.py)."""

    home: Path
    nurse: subprocess.Popen[str]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def run(self, point: str, nth: int, *what: str) -> Run:
        """Run a child; it is dead or done when this returns."""
        number = next(self.numbers)
        paths = [self.home / f"{number}.{name}" for name in ("out", "err")]
        asked = json.dumps([point, str(nth), *what, *(str(path) for path in paths)])
        cast("IO[str]", self.nurse.stdin).write(f"{asked}\n")
        cast("IO[str]", self.nurse.stdin).flush()
        answer = cast("IO[str]", self.nurse.stdout).readline()
        return Run(int(answer), *(path.read_text(encoding="utf-8") for path in paths))

    def must(self, *what: str) -> str:
        """What a child says that nobody kills; fails with its error where it does not succeed."""
        done = self.run("never", 0, *what)
        assert done.code == 0, done.err
        return done.out

    def community(self) -> str:
        """The slug of a fresh community."""
        slug = f"crash-{next(self.numbers)}"
        self.must("community", slug)
        return slug

    def count(self, slug: str) -> dict[str, Any]:
        """What the log holds of a community."""
        counted: dict[str, Any] = json.loads(self.must("count", slug))
        return counted


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A fresh installation on the kind of database under test."""
    home = tmp_path_factory.mktemp("crash")
    if not database_under_test():
        lay_tables(home)
    with _database(database_under_test(), home.name) as address:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "qunying.settings",
            "QUNYING_HOME": str(home),
            "QUNYING_DATABASE": address,
            "QUNYING_LANGUAGE": "en",
        }
        command = [sys.executable, "-m", "tests.crash.child"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as nurse:
            yield Installation(home, nurse)
            cast("IO[str]", nurse.stdin).close()


@contextmanager
def _database(given: str, name: str) -> Iterator[str]:
    """A database of its own beside the one under test; SQLite needs none."""
    if not given:
        yield ""
        return
    with database_with_tables(given, f"qunying_{name}_{os.getpid()}") as own:
        yield own
