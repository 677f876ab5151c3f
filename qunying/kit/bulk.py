"""Many rows into one table by one raw statement, in the dialects of SQLite and PostgreSQL.

Django's `bulk_create` prepares every value of every row by itself: with thousands of rows that takes four
times as long as the database does. With `ignore_conflicts` it also tells nothing of which rows were new,
and hides violations of NOT NULL and CHECK on SQLite.
"""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[Any, ...]
_MOST_VALUES = 30_000
"""SQLite takes 32,766 values a statement."""


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
    tail: str = "",
) -> list[Row]:
    """Insert rows in the order of `columns` (name → PostgreSQL type); what the tail returns.

    `constants` are further columns with an SQL expression each. `tail` is what stands behind the values: ON
    CONFLICT, RETURNING. Times in the rows come from `time_writer`. Names and SQL are the caller's own
    words, never data.
    """
    connection.ensure_connection()
    insert = _insert_sqlite if connection.vendor == "sqlite" else _insert_postgresql
    most = _MOST_VALUES // len(columns)
    fixed = tuple((constants or {}).items())
    returned: list[Row] = []
    for start in range(0, len(rows), most):
        returned += insert(connection, (table, tuple(columns.items()), fixed, tail), rows[start : start + most])
    return returned


_Shape = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], str]


def _insert_sqlite(connection: BaseDatabaseWrapper, shape: _Shape, rows: Sequence[Row]) -> list[Row]:
    # Django would rewrite every placeholder of the statement by a regular expression each time.
    cursor = connection.connection.execute(_sqlite_sql(shape, len(rows)), [value for row in rows for value in row])
    found: list[Row] = cursor.fetchall()
    return found


@lru_cache(maxsize=32)
def _sqlite_sql(shape: _Shape, count: int) -> str:
    _table, columns, fixed, _tail = shape
    marks = f"({','.join([*(value for _name, value in fixed), *'?' * len(columns)])})"
    return _statement(shape, f"VALUES {','.join([marks] * count)}")


def _insert_postgresql(connection: BaseDatabaseWrapper, shape: _Shape, rows: Sequence[Row]) -> list[Row]:
    from psycopg import Cursor  # noqa: PLC0415 - SQLite installations need not load it

    _table, columns, fixed, tail = shape
    values = ",".join([*(value for _name, value in fixed), "u.*"])
    arrays = ",".join(f"%s::{kind}[]" for _name, kind in columns)
    sql = _statement(shape, f"SELECT {values} FROM unnest({arrays}) AS u")  # noqa: S608 - names of ours
    # A plain cursor binds on the server: an array for each column instead of a megabyte of literals.
    with Cursor(connection.connection) as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        return cursor.fetchall() if "RETURNING" in tail else []


def _statement(shape: _Shape, values: str) -> str:
    table, columns, fixed, tail = shape
    names = ",".join(f'"{name}"' for name, _value in (*fixed, *columns))
    # Names of ours and placeholders only; every value is bound.
    return f"INSERT INTO {table} ({names}) {values} {tail}"
