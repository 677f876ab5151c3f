"""DuckDB, and the few names a compiled metric refers to, given a meaning for one question.

One in-memory DuckDB a process holds the dimensions. A desk is a cursor of it for one snapshot: the exact
files of one version of the lake, and the tail of the log. A question asked at it writes what the names mean
into its statements, which costs less than making views, and what it lays out is there for the next one.
"""

# ruff: noqa: S608 - what is put into SQL here are integers, dates, quoted lists and names of our own
from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb
from django.db import connection

from qunying.ground.figures.dimensions import load_dimensions
from qunying.ground.figures.versions import dimension_version
from qunying.kit.sql import sql_date, sql_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from qunying.ground.figures.asked import Asked, Reach
    from qunying.ground.figures.results import Scope
    from qunying.ground.warehouse.files import LakeFile
    from qunying.ground.warehouse.queries import Snapshot

_FACTS = 'id, kind, epoch_us(occurred_at) AS at, day, hour, community, "group", actor, object_id, amount'
_VARIABLE = re.compile(r"GETVARIABLE\('(\w+)([+-]\d+)?'\)")
_KEPT = 8


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


class Desk:
    """A cursor over one snapshot and the dimensions of one moment, and the tables laid out on it so far."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, schema: str, snapshot: Snapshot) -> None:
        self.cursor, self.schema, self.snapshot = cursor, schema, snapshot
        self.laid: dict[str, str] = {}
        self.numbers = count(1)
        cursor.register("tail", snapshot.tail)

    def lay(self, sql: str) -> str:
        """The name of a table that holds the rows of this statement: one laid before, or a new one."""
        name = self.laid.pop(sql, "")
        if not name:
            while len(self.laid) >= _KEPT:
                self.cursor.execute(f"DROP TABLE {self.laid.pop(next(iter(self.laid)))}")
            name = f"laid_{next(self.numbers)}"
            self.cursor.execute(f"CREATE TEMP TABLE {name} AS {sql}")
        self.laid[sql] = name
        return name


@contextmanager
def open_desk(snapshot: Snapshot) -> Iterator[Desk]:
    """A desk for one thread; its tables are gone afterwards."""
    cursor, schema = _dimensions.open()
    try:
        yield Desk(cursor, schema, snapshot)
    finally:
        cursor.close()
        _dimensions.close(schema)


class Session:
    """One question at a desk: `facts`, `memberships` and the dates of a statement mean what was asked."""

    def __init__(self, desk: Desk, asked: Asked, reach: Reach, *, everyone: bool = False) -> None:
        """With `everyone`, staff and bots are people like others: for finding people, never for a figure."""
        self.desk = desk
        self.dates = {"start": asked.period.start, "end": asked.period.end, "last_day": asked.last_day}
        self.instants = {name: _micros(at) for name, at in (("as_of", asked.as_of), ("known", asked.known))}
        chosen = _chosen(asked.scope, desk)
        self.meanings = {"memberships": _memberships(asked.scope, desk.schema, chosen)}
        self.meanings |= _people_tables(asked.scope, desk.schema, everyone=everyone)
        if reach.facts:
            source = f"{desk.schema}.identities" if not everyone else f"({self.meanings['accounts']})"
            people = f"(SELECT pseudonym, member FROM {source} WHERE {chosen})"
            self.meanings["facts"] = _facts(asked, reach, desk.snapshot, people)

    def lay(self, bases: Mapping[str, str]) -> None:
        """Compute these statements once, each to be read under its name by those that follow."""
        for name, sql in bases.items():
            self.meanings[name] = f"FROM {self.desk.lay(self._meant(sql))}"

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a statement as mappings."""
        result = self.desk.cursor.execute(self._meant(sql), list(values))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def members(self, sql: str) -> list[int]:
        """The column `member` of a statement, as plain numbers: for many thousand rows."""
        found: list[int] = self.desk.cursor.execute(self._meant(sql)).fetchnumpy()["member"].tolist()
        return found

    def _meant(self, sql: str) -> str:
        used = [f"{name} AS NOT MATERIALIZED ({means})" for name, means in self.meanings.items() if f'"{name}"' in sql]
        meant = _VARIABLE.sub(self._value, sql)
        return f"WITH {', '.join(used)} SELECT * FROM ({meant})" if used else meant

    def _value(self, found: re.Match[str]) -> str:
        name, shift = found.group(1), int(found.group(2) or 0)
        return sql_date(self.dates[name] + timedelta(days=shift)) if name in self.dates else str(self.instants[name])


def _micros(instant: datetime) -> int:
    return int(instant.timestamp()) * 1_000_000


def _chosen(scope: Scope, desk: Desk) -> str:
    chosen, schema = [], desk.schema
    if scope.among is not None:
        # Laid out once: thousands of numbers in every statement would be read anew by each of them.
        ids = f"SELECT unnest({sql_list(scope.among, '[]')}::BIGINT[]) AS member"
        chosen.append(f"member IN (SELECT member FROM {desk.lay(ids)})")
    if scope.tags:
        carried = f"SELECT member FROM {schema}.tags WHERE tag IN {sql_list(scope.tags)}"
        chosen.append(f"member IN ({carried} GROUP BY member HAVING count(DISTINCT tag) = {len(set(scope.tags))})")
    if scope.channels:
        came = f"SELECT member FROM {schema}.memberships WHERE community IN {sql_list(scope.communities)}"
        chosen.append(f"member IN ({came} AND channel_key IN {sql_list(scope.channels)})")
    return " AND ".join(chosen) or "true"


def _memberships(scope: Scope, schema: str, chosen: str) -> str:
    columns = "member, joined_at, left_at, joined_day, left_day"
    return f"SELECT {columns} FROM {schema}.memberships WHERE {_place(scope)} AND {chosen}"


def _people_tables(scope: Scope, schema: str, *, everyone: bool) -> dict[str, str]:
    """What is known of people beside facts; of staff and bots only where everyone is asked for."""

    def table(name: str) -> str:
        others = f" UNION ALL FROM {schema}.left_out_{name}" if everyone else ""
        return f"FROM {schema}.{name}{others}"

    return {
        "accounts": table("identities"),
        "stays": f"FROM ({table('memberships')}) WHERE {_place(scope)}",
        "carried": f"FROM {schema}.tags",
        "recognitions": f"FROM {schema}.recognitions WHERE community IN {sql_list(scope.communities)}",
        "marked": f"FROM {schema}.marked",
    }


def _facts(asked: Asked, reach: Reach, snapshot: Snapshot, people: str) -> str:
    first, last = asked.days(reach)
    days = [f"day >= {sql_date(first)}"] if first else []
    days.append(f"day <= {sql_date(last)}")
    parts = []
    if files := snapshot.lake.holding(asked.scope.communities, first, last):
        paths = [file.path for file in files]
        # Where every community of the files is asked for, its column need not be read.
        where = days if _covers(asked.scope, files) else [_place(asked.scope), *days]
        parts.append(
            f"SELECT {_FACTS} FROM read_parquet({sql_list(paths, '[]')}, hive_partitioning = false) "
            f"WHERE {' AND '.join(where)}"
        )
    if snapshot.tail.num_rows or not parts:
        parts.append(f"SELECT {_FACTS} FROM tail WHERE {' AND '.join([_place(asked.scope), *days])}")
    return (
        "SELECT f.* EXCLUDE (actor), p.member "
        f"FROM ({' UNION ALL '.join(parts)}) f JOIN {people} p ON p.pseudonym = f.actor"
    )


def _covers(scope: Scope, files: Sequence[LakeFile]) -> bool:
    wanted = set(scope.communities)
    spans = {file.communities for file in files}
    return not scope.groups and all(
        high - low < len(wanted) and wanted.issuperset(range(low, high + 1)) for low, high in spans
    )


def _place(scope: Scope) -> str:
    place = f"community IN {sql_list(scope.communities)}"
    return f'{place} AND "group" IN {sql_list(scope.groups)}' if scope.groups else place
