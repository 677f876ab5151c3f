"""DuckDB, and the few names a compiled metric refers to, given a meaning for one question.

One in-memory DuckDB a process holds the dimensions; every question has a cursor of its own, with its
own views and variables, over the exact files of one lake snapshot and the tail of the log.
"""

# ruff: noqa: S608 - what is put into SQL here are integers, dates, quoted lists and names of our own
from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb
from django.db import connection

from qunying.ground.figures.dimensions import dimension_version, load_dimensions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.ground.figures.asked import Asked, Reach
    from qunying.ground.figures.results import Scope
    from qunying.ground.warehouse.lake import LakeFile
    from qunying.ground.warehouse.queries import Snapshot

_FACTS = 'id, kind, epoch_us(occurred_at) AS at, day, hour, community, "group", actor, object_id, amount'
_SHIFTS = {"start": (0, -6, -29), "end": (0, -6, -29), "last_day": (0,)}


class _Dimensions:
    """The newest dimensions, in a DuckDB schema of their own; older ones stay while someone reads them."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.numbers = count(1)
        self.duck: duckdb.DuckDBPyConnection | None = None
        self.version = ""
        self.schema = ""
        self.readers: Counter[str] = Counter()

    def open(self) -> tuple[duckdb.DuckDBPyConnection, str]:
        """A cursor, and the schema of the current dimensions; give it back with `close`."""
        with self.lock:
            if self.duck is None:
                self.duck = duckdb.connect(config={"autoload_known_extensions": "false"})
            version = dimension_version()
            # What a transaction wrote and has not committed must not be kept for others.
            if connection.in_atomic_block:
                schema = self._load(self.duck)
            elif version == self.version:
                schema = self.schema
            else:
                stale, schema = self.schema, self._load(self.duck)
                self.version, self.schema = version, schema
                self._drop_unread(stale)
            self.readers[schema] += 1
            return self.duck.cursor(), schema

    def close(self, schema: str) -> None:
        """Say that this schema is no longer read here."""
        with self.lock:
            self.readers[schema] -= 1
            if schema != self.schema:
                self._drop_unread(schema)

    def _load(self, duck: duckdb.DuckDBPyConnection) -> str:
        schema = f"dimensions_{next(self.numbers)}"
        load_dimensions(duck, schema)
        return schema

    def _drop_unread(self, schema: str) -> None:
        if schema and not self.readers[schema] and self.duck is not None:
            del self.readers[schema]
            self.duck.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


_dimensions = _Dimensions()


@contextmanager
def open_session(asked: Asked, reach: Reach, snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB cursor on which `facts`, `memberships` and the dates mean what was asked."""
    cursor, schema = _dimensions.open()
    try:
        _set_dates(cursor, asked)
        _set_people(cursor, asked.scope, schema)
        if reach.facts:
            _set_facts(cursor, asked, reach, snapshot)
        yield cursor
    finally:
        cursor.close()
        _dimensions.close(schema)


def lay_bases(cursor: duckdb.DuckDBPyConnection, bases: Mapping[str, str]) -> None:
    """Compute these statements once, each to be read under its name by those that follow."""
    for name, sql in bases.items():
        cursor.execute(f"CREATE TEMP TABLE {name} AS {sql}")


def query(cursor: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Rows of a statement as mappings."""
    result = cursor.execute(sql, list(values))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _set_dates(cursor: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    base = {"start": asked.period.start, "end": asked.period.end, "last_day": asked.last_day}
    for name, shifts in _SHIFTS.items():
        for shift in shifts:
            key = f"{name}{shift:+d}" if shift else name
            cursor.execute(f'SET VARIABLE "{key}" = {_date(base[name] + timedelta(days=shift))}')
    for name, instant in (("as_of", asked.as_of), ("known", asked.known)):
        cursor.execute(f'SET VARIABLE "{name}" = {int(instant.timestamp()) * 1_000_000}')


def _set_people(cursor: duckdb.DuckDBPyConnection, scope: Scope, schema: str) -> None:
    chosen = []
    if scope.tags:
        carried = f"SELECT member FROM {schema}.tags WHERE tag IN {_list(scope.tags)}"
        chosen.append(f"member IN ({carried} GROUP BY member HAVING count(DISTINCT tag) = {len(set(scope.tags))})")
    if scope.channels:
        came = f"SELECT member FROM {schema}.memberships WHERE community IN {_list(scope.communities)}"
        chosen.append(f"member IN ({came} AND channel_key IN {_list(scope.channels)})")
    who = " AND ".join(chosen) or "true"
    cursor.execute(f"CREATE TEMP VIEW people AS SELECT pseudonym, member FROM {schema}.identities WHERE {who}")
    cursor.execute(
        "CREATE TEMP VIEW memberships AS SELECT member, joined_at, left_at, joined_day, left_day "
        f"FROM {schema}.memberships WHERE {_place(scope)} AND {who}"
    )


def _set_facts(cursor: duckdb.DuckDBPyConnection, asked: Asked, reach: Reach, snapshot: Snapshot) -> None:
    first, last = asked.days(reach)
    days = [f"day >= {_date(first)}"] if first else []
    days.append(f"day <= {_date(last)}")
    parts = []
    if files := snapshot.lake.holding(asked.scope.communities, first, last):
        paths = [file.path for file in files]
        # Where every community of the files is asked for, its column need not be read.
        where = days if _covers(asked.scope, files) else [_place(asked.scope), *days]
        parts.append(
            f"SELECT {_FACTS} FROM read_parquet({_list(paths, '[]')}, hive_partitioning = false) "
            f"WHERE {' AND '.join(where)}"
        )
    if snapshot.tail.num_rows or not parts:
        cursor.register("tail", snapshot.tail)
        parts.append(f"SELECT {_FACTS} FROM tail WHERE {' AND '.join([_place(asked.scope), *days])}")
    cursor.execute(
        "CREATE TEMP VIEW facts AS SELECT f.* EXCLUDE (actor), p.member "
        f"FROM ({' UNION ALL '.join(parts)}) f JOIN people p ON p.pseudonym = f.actor"
    )


def _covers(scope: Scope, files: Sequence[LakeFile]) -> bool:
    wanted = set(scope.communities)
    spans = {file.communities for file in files}
    return not scope.groups and all(
        high - low < len(wanted) and wanted.issuperset(range(low, high + 1)) for low, high in spans
    )


def _place(scope: Scope) -> str:
    place = f"community IN {_list(scope.communities)}"
    return f'{place} AND "group" IN {_list(scope.groups)}' if scope.groups else place


def _date(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _list(values: Sequence[int] | Sequence[str], marks: str = "()") -> str:
    quoted = (str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'" for value in values)
    return marks[0] + ", ".join(quoted) + marks[1]
