"""The one raw INSERT of the log, in the dialects of SQLite and PostgreSQL.

`bulk_create(ignore_conflicts=True)` is four times slower, tells nothing of which rows were new, and
on SQLite also hides violations of NOT NULL and CHECK.
"""

from __future__ import annotations

import json
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from qunying.kit.sql import current_tx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

COLUMNS = {
    "source": "varchar",
    "source_key": "bytea",
    "kind": "varchar",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
    "community_id": "bigint",
    "group_id": "bigint",
    "identity_id": "bigint",
    "target_identity_id": "bigint",
    "object_type": "varchar",
    "object_id": "varchar",
    "channel_key": "varchar",
    "amount": "bigint",
    "payload": "jsonb",
}
"""Column → its PostgreSQL type, in the order of a row."""

Row = tuple[Any, ...]
_EMPTY = "{}"
_encode = json.JSONEncoder(ensure_ascii=False).encode


def as_json(payload: Mapping[str, Any]) -> str:
    """A payload as the database keeps it."""
    return _encode(dict(payload)) if payload else _EMPTY


def time_writer() -> Callable[[datetime], datetime | str]:
    """How this database wants aware times; asked once a batch, for the connection is slow to ask."""
    return _sqlite_time if connection.vendor == "sqlite" else _same_time


def _sqlite_time(at: datetime) -> str:
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(" ")[:-6]


def _same_time(at: datetime) -> datetime:
    return at


def insert_events(rows: Sequence[Row]) -> dict[bytes, int]:
    """Insert rows (in the order of COLUMNS) unless their (source, source_key) is there; new key → id."""
    connection.ensure_connection()
    insert = _insert_sqlite if connection.vendor == "sqlite" else _insert_postgresql
    return {bytes(key): pk for pk, key in insert(rows)}


def insert_messages(rows: Sequence[tuple[int, str]]) -> None:
    """Insert (event id, text)."""
    sql = "INSERT INTO events_message (event_id, text) VALUES (%s, %s)"
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _insert_sqlite(rows: Sequence[Row]) -> list[tuple[int, bytes]]:
    # Django would rewrite every placeholder of the statement by a regular expression each time.
    cursor = connection.connection.execute(_sqlite_sql(len(rows)), [value for row in rows for value in row])
    found: list[tuple[int, bytes]] = cursor.fetchall()
    return found


@lru_cache(maxsize=8)
def _sqlite_sql(count: int) -> str:
    marks = f"({current_tx(connection)},{','.join('?' * len(COLUMNS))})"
    return _statement(f"VALUES {','.join([marks] * count)}")


def _insert_postgresql(rows: Sequence[Row]) -> list[tuple[int, bytes]]:
    from psycopg import Cursor  # noqa: PLC0415 - SQLite installations need not load it

    arrays = ",".join(f"%s::{kind}[]" for kind in COLUMNS.values())
    sql = _statement(f"SELECT {current_tx(connection)}, u.* FROM unnest({arrays}) AS u")  # noqa: S608 - types of ours
    # A plain cursor binds on the server: sixteen arrays instead of a megabyte of literals.
    with Cursor(connection.connection) as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        return cursor.fetchall()


def _statement(values: str) -> str:
    # Column names of ours and placeholders only; every value is bound.
    return (
        f"INSERT INTO events_event (tx,{','.join(COLUMNS)}) {values} "
        "ON CONFLICT (source, source_key) DO NOTHING RETURNING id, source_key"
    )
