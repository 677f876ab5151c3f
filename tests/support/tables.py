"""A database with every table and nothing in it, made once in a run of the suite.

To migrate an empty database takes ten seconds of processor time, to copy one next to none. What a copy lacks is what
`make_home` puts in: the first unit, the first director, shipped dimensions and lists.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from qunying.kit.keys import new_keyring, save_keyring
from tests.support.home import ROOT, TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "qunying_template"
_migrated: set[str] = set()


def lay_tables(home: Path) -> None:
    """Give a home directory keys and an SQLite database with empty tables: `init` has but to fill them."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = _template()
    for name in ("keys.json", "qunying.sqlite3"):
        shutil.copy(made / name, home / name)


def copy_tables(target: Path) -> None:
    """Put an SQLite database with empty tables there."""
    shutil.copy(_template() / "qunying.sqlite3", target)


@contextmanager
def database_with_tables(given: str, name: str) -> Iterator[str]:
    """The address of a PostgreSQL database with empty tables beside the given one; gone afterwards."""
    template = require_template(given)
    _say(given, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield beside(given, name)
    finally:
        _say(given, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def empty_database(given: str, name: str) -> Iterator[str]:
    """The address of a PostgreSQL database with nothing in it beside the given one; gone afterwards."""
    _say(given, f'CREATE DATABASE "{name}"')
    try:
        yield beside(given, name)
    finally:
        _say(given, f'DROP DATABASE "{name}" WITH (FORCE)')


def require_template(given: str) -> str:
    """The name of a PostgreSQL database of empty tables beside the given one, made if this process has not yet."""
    if given not in _migrated:
        _say(given, f'DROP DATABASE IF EXISTS "{_NAME}"')
        _say(given, f'CREATE DATABASE "{_NAME}"')
        with tempfile.TemporaryDirectory() as home:
            _migrate(Path(home), beside(given, _NAME))
        _migrated.add(given)
    return _NAME


def beside(given: str, name: str) -> str:
    """The address of another database of the same cluster."""
    return urlunsplit(urlsplit(given)._replace(path=f"/{name}"))


def _template() -> Path:
    """Made by whichever worker asks first, while the others wait."""
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    with TEMPLATE.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not TEMPLATE.exists():
            making = TEMPLATE.with_name("making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(mode=0o700)
            _migrate(making, "")
            making.rename(TEMPLATE)
    return TEMPLATE


def _migrate(home: Path, address: str) -> None:
    save_keyring(new_keyring(), home)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qunying.settings",
        "QUNYING_HOME": str(home),
        "QUNYING_DATABASE": address,
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _say(given: str, statement: str) -> None:
    import psycopg  # noqa: PLC0415 - SQLite runs need not load it

    with psycopg.connect(beside(given, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())
