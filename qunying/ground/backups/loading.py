"""Rows of a backup into an empty database, whichever of the two kinds it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from qunying.ground.backups.archive import HOME, KEYS, MANIFEST
from qunying.ground.backups.layout import POSTGRES
from qunying.ground.backups.values import to_postgres, to_sqlite, turned
from qunying.kit.bulk import insert_rows
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qunying.ground.backups.archive import Part

_KEPT = {"django_migrations"}


def require_known_changes(manifest: dict[str, Any]) -> None:
    """Raise QunyingError where the backup was made by a Qunying that knows more than this one."""
    known = set(MigrationLoader(None).disk_migrations)
    if any((app, name) not in known for app, name in manifest["changes"]):
        raise QunyingError(
            _("This backup was made by Qunying %(version)s, which is newer than this one. Install that version first.")
            % {"version": manifest["version"]}
        )


def build_tables(manifest: dict[str, Any]) -> None:
    """Make the tables as they were when the backup was made; later changes come after the rows."""
    executor = MigrationExecutor(connection)
    changes = {(app, name) for app, name in manifest["changes"]}
    nodes = executor.loader.graph.node_map
    # Only the last ones: a target with others behind it would be taken as the wish to go back to it.
    executor.migrate([key for key in sorted(changes) if not {child.key for child in nodes[key].children} & changes])


def load_rows(parts: Iterable[Part], manifest: dict[str, Any], *, tell: Callable[[int], object]) -> int:
    """Empty every table and fill it from the parts, in one transaction; how many rows came.

    Raises QunyingError where the backup names tables or columns this database has not, or counts do not agree.
    """
    tables = {table["name"]: table for table in manifest["tables"]}
    counts = dict.fromkeys(tables, 0)
    with transaction.atomic():
        _require_columns(tables)
        _empty_tables()
        for part in parts:
            if part.table:
                counts[part.table] += _load(tables[part.table], part)
                tell(sum(counts.values()))
        if wrong := [name for name, table in tables.items() if counts[name] != table["rows"]]:
            raise QunyingError(
                _("The backup holds other rows than it says: %(tables)s.") % {"tables": ", ".join(wrong)}
            )
        _set_sequences(tables)
    return sum(counts.values())


def _require_columns(tables: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for name, table in tables.items():
            columns = _columns_of(cursor, name) if name in there else set()
            if {column for column, _holds in table["columns"]} - columns:
                raise QunyingError(_("This database has no place for “%(table)s”.") % {"table": name})


def _columns_of(cursor: Any, name: str) -> set[str]:
    return {column.name for column in connection.introspection.get_table_description(cursor, name)}


def _empty_tables() -> None:
    """Without regard to their order: what migrations put there comes with the backup again."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name not in _KEPT]
        ours = sorted(set(names) & set(connection.introspection.django_table_names()))
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, ours))} CASCADE")
        else:
            for name in ours:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - names of ours


def _load(table: dict[str, Any], part: Part) -> int:
    """One part's rows; on PostgreSQL what they point at is looked up at once, so that no list of it grows."""
    columns = {name: POSTGRES[holds] for name, holds in table["columns"]}
    postgres = connection.vendor == "postgresql"
    converts = (to_postgres if postgres else to_sqlite)([holds for _name, holds in table["columns"]])
    rows = turned(part.rows(), converts)
    try:
        insert_rows(connection, f'"{table["name"]}"', columns, rows)
        if postgres and not table["own"]:
            _look_up_now()
    except DatabaseError as error:
        raise QunyingError(
            _("The database refused rows of “%(table)s”, and nothing was taken over: %(error)s")
            % {"table": table["name"], "error": str(error).splitlines()[0]}
        ) from error
    return len(rows)


def _look_up_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _set_sequences(tables: dict[str, Any]) -> None:
    """Numbers go on behind the highest ever given, so that none of something deleted is given again."""
    with connection.cursor() as cursor:
        for name, table in tables.items():
            if last := table["last_id"]:
                _set_sequence(cursor, name, last)


def _set_sequence(cursor: Any, name: str, last: int) -> None:
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])
        return
    cursor.execute(
        "SELECT setval(pg_get_serial_sequence(%s, column_name), %s) FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s AND identity_generation IS NOT NULL",
        [connection.ops.quote_name(name), last, name],
    )


def is_file(part: Part) -> bool:
    """Whether the part goes into the home directory rather than the database."""
    return part.name not in {KEYS, MANIFEST} and part.name.startswith(HOME)
