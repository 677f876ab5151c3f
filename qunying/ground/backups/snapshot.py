"""The whole database as it stood at one moment, read row by row while everybody else goes on writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from django.db import connection

from qunying.ground.backups.values import from_postgres, from_sqlite, turned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.backups.layout import Table

CHUNK = 5_000


class Snapshot(Protocol):
    """One moment of the database."""

    def rows(self, table: Table) -> Iterator[list[tuple[Any, ...]]]:
        """Chunks of rows by primary key, as a backup keeps them."""

    def last_ids(self) -> dict[str, int]:
        """Table → the highest number ever given there, rows since deleted included."""


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """A connection of its own on which nothing changes any more.

    SQLite: one read transaction, which keeps the write-ahead log from being folded in until it ends.
    PostgreSQL: one REPEATABLE READ transaction that is never given a number, so followers do not wait for it.
    """
    with _of_sqlite() if connection.vendor == "sqlite" else _of_postgres() as opened:
        yield opened


@contextmanager
def _of_sqlite() -> Iterator[Snapshot]:
    path = quote(str(connection.settings_dict["NAME"]))
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None, timeout=20)) as raw:
        raw.execute("PRAGMA query_only=1")
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM django_migrations")  # the moment is that of the first read
        yield _Sqlite(raw)


class _Sqlite:
    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw

    def rows(self, table: Table) -> Iterator[list[tuple[Any, ...]]]:
        names = ",".join(f'"{name}"' for name, _word in table.columns)
        converts = from_sqlite([word for _name, word in table.columns])
        # Names out of Django's own registry.
        cursor = self.raw.execute(f'SELECT {names} FROM "{table.name}" ORDER BY "{table.key}"')  # noqa: S608
        while chunk := cursor.fetchmany(CHUNK):
            yield turned(chunk, converts)

    def last_ids(self) -> dict[str, int]:
        return dict(self.raw.execute("SELECT name, seq FROM sqlite_sequence"))


@contextmanager
def _of_postgres() -> Iterator[Snapshot]:
    from psycopg import IsolationLevel  # noqa: PLC0415 - SQLite installations need not load it

    own = connection.copy()
    try:
        own.ensure_connection()
        own.connection.autocommit = False
        own.connection.isolation_level = IsolationLevel.REPEATABLE_READ
        own.connection.read_only = True
        own.connection.execute("SELECT count(*) FROM django_migrations")
        yield _Postgres(own.connection)
    finally:
        own.close()


class _Postgres:
    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def rows(self, table: Table) -> Iterator[list[tuple[Any, ...]]]:
        from psycopg import ServerCursor  # noqa: PLC0415 - as above

        names = ",".join(_as_text(name, word) for name, word in table.columns)
        converts = from_postgres([word for _name, word in table.columns])
        with ServerCursor(self.raw, name="backup") as cursor:
            cursor.execute(f'SELECT {names} FROM "{table.name}" ORDER BY "{table.key}"')  # noqa: S608 - as above
            while chunk := cursor.fetchmany(CHUNK):
                yield turned(chunk, converts)

    def last_ids(self) -> dict[str, int]:
        found = self.raw.execute(
            "SELECT table_name::text, pg_sequence_last_value(pg_get_serial_sequence(quote_ident(table_name), "
            "column_name)::regclass) FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND identity_generation IS NOT NULL"
        )
        return {name: last for name, last in found.fetchall() if last is not None}


def _as_text(name: str, word: str) -> str:
    if word == "address":
        return f'host("{name}")'
    return f'"{name}"::text' if word in {"json", "day", "clock"} else f'"{name}"'
