"""Many rows into one table, raw, in the dialects of SQLite and PostgreSQL.

Django's `bulk_create` prepares every value of every row by itself: with thousands of rows that takes four
times as long as the database does. With `ignore_conflicts` it also tells nothing of which rows were new,
and hides violations of NOT NULL and CHECK on SQLite.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.transaction import TransactionManagementError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[Any, ...]


def time_writer(connection: BaseDatabaseWrapper) -> Callable[[datetime], datetime | str]:
    """How this database wants aware times; asked once a batch, for the connection is slow to ask."""
    return _as_text if connection.vendor == "sqlite" else _as_it_is


def _as_text(at: datetime) -> str:
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(" ")[:-6]


def _as_it_is(at: datetime) -> datetime:
    return at


def insert_rows(  # noqa: PLR0913 - what an INSERT is made of
    connection: BaseDatabaseWrapper,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Row],
    *,
    constants: Mapping[str, str] | None = None,
    once: Sequence[str] = (),
    returning: Sequence[str] = (),
) -> list[Row]:
    """Insert rows in the order of `columns` (name → PostgreSQL type); the columns `returning` of the new ones.

    `constants` are further columns with an SQL expression each. A row whose columns `once` are there already
    is left out. Times in the rows come from `time_writer`. Names and SQL are the caller's own words, never
    data. Only inside a transaction; the table's primary key is an integer that counts upwards.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError
    if not rows:
        return []
    fixed = tuple((constants or {}).items())
    insert = _insert_sqlite if connection.vendor == "sqlite" else _insert_postgresql
    return insert(connection, _Shape(table, tuple(columns.items()), fixed, tuple(once), tuple(returning)), rows)


class _Shape(NamedTuple):
    table: str
    columns: tuple[tuple[str, str], ...]
    constants: tuple[tuple[str, str], ...]
    once: tuple[str, ...]
    returning: tuple[str, ...]


def _insert_sqlite(connection: BaseDatabaseWrapper, shape: _Shape, rows: Sequence[Row]) -> list[Row]:
    # One small statement for all rows: one with thousands of placeholders is read anew for each other length.
    raw = connection.connection
    sql = _statement(shape, f"VALUES ({','.join([*_values(shape.constants), *'?' * len(shape.columns)])})")
    if not shape.returning:
        raw.executemany(sql, rows)
        return []
    # There is one writer, this transaction, and numbers only grow: what lies above is what it inserts.
    (last,) = raw.execute(f"SELECT coalesce(max(rowid), 0) FROM {shape.table}").fetchone()  # noqa: S608 - ours
    raw.executemany(sql, rows)
    wanted = f"SELECT {_names(shape.returning)} FROM {shape.table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608 - ours
    found: list[Row] = raw.execute(wanted, (last,)).fetchall()
    return found


def _insert_postgresql(connection: BaseDatabaseWrapper, shape: _Shape, rows: Sequence[Row]) -> list[Row]:
    from psycopg import Cursor  # noqa: PLC0415 - SQLite installations need not load it

    values = ",".join([*_values(shape.constants), "u.*"])
    arrays = ",".join(f"%s::{kind}[]" for _name, kind in shape.columns)
    sql = _statement(shape, f"SELECT {values} FROM unnest({arrays}) AS u")  # noqa: S608 - names of ours
    if shape.returning:
        sql += f" RETURNING {_names(shape.returning)}"
    # A plain cursor binds on the server: an array for each column instead of a megabyte of literals.
    with Cursor(connection.connection) as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        return cursor.fetchall() if shape.returning else []


def _statement(shape: _Shape, values: str) -> str:
    names = _names(name for name, _value in (*shape.constants, *shape.columns))
    unless = f" ON CONFLICT ({_names(shape.once)}) DO NOTHING" if shape.once else ""
    # Names of ours and placeholders only; every value is bound.
    return f"INSERT INTO {shape.table} ({names}) {values}{unless}"


def _names(names: Iterable[str]) -> str:
    return ",".join(f'"{name}"' for name in names)


def _values(constants: Iterable[tuple[str, str]]) -> list[str]:
    return [value for _name, value in constants]
