"""An installation of its own for processes that are killed, and the way to run and kill them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.support.home import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLED = -9
_numbers = count(1)


@dataclass(frozen=True)
class Installation:
    """A home directory and a database that no other test uses."""

    home: Path
    database: str

    def run(self, point: str, nth: int, *what: str) -> subprocess.CompletedProcess[str]:
        """Run a child (see child.py); it is dead or done when this returns."""
        environment = os.environ | {
            "QUNYING_HOME": str(self.home),
            "QUNYING_DATABASE": self.database,
            "QUNYING_LANGUAGE": "en",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "tests.crash.child", point, str(nth), *what]
        return subprocess.run(  # noqa: S603 - our own child
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def must(self, *what: str) -> str:
        """What a child prints that nobody kills; fails with its error where it does not succeed."""
        done = self.run("never", 0, *what)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def community(self) -> str:
        """The slug of a fresh community."""
        slug = f"crash-{next(_numbers)}"
        self.must("community", slug)
        return slug

    def count(self, slug: str) -> dict[str, Any]:
        """What the log holds of a community."""
        counted: dict[str, Any] = json.loads(self.must("count", slug))
        return counted


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A fresh installation on the database under test."""
    given = os.environ.get("QUNYING_TEST_DATABASE", "")
    home = tmp_path_factory.mktemp("crash")
    with _database(given, home.name) as address:
        made = Installation(home, address)
        made.must("cli", "init", "--no-input")
        yield made


class _database:  # noqa: N801 - reads as the word it is in a with statement
    """A database of its own beside the one under test; SQLite needs none."""

    def __init__(self, given: str, name: str) -> None:
        self.given, self.name = given, f"qunying_{name}_{os.getpid()}"

    def __enter__(self) -> str:
        if not self.given:
            return ""
        self._say(f'CREATE DATABASE "{self.name}"')
        return urlunsplit(urlsplit(self.given)._replace(path=f"/{self.name}"))

    def __exit__(self, *_error: object) -> None:
        if self.given:
            self._say(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        import psycopg  # noqa: PLC0415 - SQLite runs need not load it

        address = urlunsplit(urlsplit(self.given)._replace(path="/postgres"))
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())
