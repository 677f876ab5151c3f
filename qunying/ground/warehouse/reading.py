"""Moving rows out of the operational store into Arrow.

PostgreSQL is read by ADBC. SQLite is read through Django's own connection: ADBC brings a second
copy of SQLite, and POSIX file locks belong to the process, so that closing its file would drop the
write lock of the first copy (decision 0030). Inside a transaction Django's connection is used too,
for nothing else sees what that transaction wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pyarrow as pa
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHUNK = 20_000


def fetch_arrow(sql: str, schema: pa.Schema) -> pa.Table:
    """The rows of a statement without parameters, as a table of this schema; one statement, one snapshot."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        return _by_adbc(sql, schema)
    return _by_django(sql, schema)


def fetch_small(sql: str, schema: pa.Schema) -> pa.Table:
    """As `fetch_arrow`, for a few thousand rows at most: saves opening a second connection."""
    return _by_django(sql, schema)


def _by_adbc(sql: str, schema: pa.Schema) -> pa.Table:
    import adbc_driver_postgresql.dbapi as adbc  # noqa: PLC0415 - a second of loading that SQLite need not pay

    with adbc.connect(_address(), autocommit=True) as source, source.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetch_arrow_table().rename_columns(schema.names).cast(schema)


def _address() -> str:
    told = connection.settings_dict
    user = quote(told["USER"] or "", safe="") + (":" + quote(told["PASSWORD"], safe="") if told["PASSWORD"] else "")
    # Without a host the address names the local socket, as it does for Django.
    query = urlencode({"host": told["HOST"], "port": told["PORT"]} if str(told["HOST"]).startswith("/") else {})
    place = "" if query else f"{told['HOST']}{':' + str(told['PORT']) if told['PORT'] else ''}"
    return f"postgresql://{user}{'@' if user else ''}{place}/{quote(str(told['NAME']))}{'?' + query if query else ''}"


def _by_django(sql: str, schema: pa.Schema) -> pa.Table:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.cursor if connection.vendor == "sqlite" else cursor
        return pa.Table.from_batches([_batch(chunk, schema) for chunk in _chunks(rows)], schema=schema)


def _chunks(cursor: Any) -> Iterator[Sequence[tuple[Any, ...]]]:
    while rows := cursor.fetchmany(_CHUNK):
        yield rows


def _batch(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [_column(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _column(values: Sequence[Any], wanted: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(wanted) and any(isinstance(value, str) for value in values):
        # SQLite keeps times as text in UTC; Arrow reads them far quicker than Python.
        return pa.array(values, type=pa.string()).cast(pa.timestamp("us")).cast(wanted)
    if pa.types.is_boolean(wanted):
        return pa.array([None if value is None else bool(value) for value in values], type=wanted)
    return pa.array(values, type=wanted)
