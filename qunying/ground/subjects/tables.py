"""Every table of the database, read as text: what a search for a person goes through, and what it bars.

Not by the models but by what the database itself says it holds: caches, sessions and queues are there too.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from qunying.ground.subjects.needles import Needle, Sort, covered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHUNK = 2000
_BARE = {
    "bigint",
    "integer",
    "smallint",
    "boolean",
    "bool",
    "real",
    "double",
    "date",
    "datetime",
    "timestamp",
    "decimal",
}
_OTHERS = {
    # Accounts and names of other people, who may be called the same; those of the erased are told by tombstones.
    "members_identity",
    "members_member",
    # Colleagues, who are no members.
    "access_staff",
    "account_emailaddress",
    # Django's own book of changes.
    "django_migrations",
    "django_content_type",
    "auth_permission",
}
_OF_EVERYONE = {
    # Words of the house, in which the name of a person is a word like another.
    "groups_community",
    "groups_group",
    "units_unit",
    "members_tag",
    "members_tagdimension",
    "goals_goal",
    "playbooks_application",
    "stages_stagemark",
}
_NEVER_CHANGED = {"audit_act", "audit_seal"}


@dataclass(frozen=True, slots=True)
class Trace:
    """Where something of a person was found: a table's column and row, or a file."""

    place: str
    row: str = ""

    def __str__(self) -> str:
        return f"{self.place} {self.row}".strip()


@dataclass(frozen=True, slots=True)
class _Hit:
    table: str
    column: str
    row: Any
    text: str
    plain: bool


def search_tables(needles: Sequence[Needle]) -> list[Trace]:
    """Every cell of every table that holds a needle."""
    return [Trace(f"{hit.table}.{hit.column}", str(hit.row)) for hit in _hits(needles)]


def bar_tables(needles: Sequence[Needle]) -> int:
    """Put a bar over the needles wherever they stand in text; rows that wrap them (sessions, caches) are removed.

    How many cells changed. Acts are never changed: they hold numbers only.
    """
    changed = 0
    moved: dict[tuple[str, Any], Any] = {}
    for hit in list(_hits(needles)):
        if hit.table in _NEVER_CHANGED:
            continue
        # PostgreSQL puts a changed row elsewhere: its other cells are found where it stands now.
        row = moved.get((hit.table, hit.row), hit.row)
        with transaction.atomic():
            if hit.plain:
                moved[hit.table, hit.row] = _bar(hit, row, needles)
                changed += moved[hit.table, hit.row] is not None
            else:
                changed += _remove(hit, row)
    return changed


def _hits(needles: Sequence[Needle]) -> Iterator[_Hit]:
    for table in sorted(connection.introspection.table_names()):
        wanted = _wanted(table, needles)
        columns = _columns(table) if wanted else []
        if columns:
            yield from _in_table(table, columns, wanted)


def _wanted(table: str, needles: Sequence[Needle]) -> list[Needle]:
    if table in _OTHERS:
        return []
    return [one for one in needles if one.sort is not Sort.NAME or table not in _OF_EVERYONE]


def _columns(table: str) -> list[str]:
    """The columns that may hold text or bytes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, type FROM pragma_table_info(%s)", [table])
        else:
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_schema = current_schema() AND table_name = %s",
                [table],
            )
        return [name for name, kind in cursor.fetchall() if kind.lower().split("(")[0].split(" ")[0] not in _BARE]


def _in_table(table: str, columns: list[str], needles: list[Needle]) -> Iterator[_Hit]:
    row = "rowid" if connection.vendor == "sqlite" else "ctid::text"
    told = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {row}, {told} FROM "{table}"')  # noqa: S608 - names the database itself gave
        while rows := cursor.fetchmany(_CHUNK):
            yield from _in_rows(table, columns, rows, needles)


def _in_rows(table: str, columns: list[str], rows: Sequence[Any], needles: list[Needle]) -> Iterator[_Hit]:
    # One search through the joined text of a chunk; only where it finds something are single cells looked at.
    for place, column in enumerate(columns, 1):
        cells = [(row[0], as_text(row[place])) for row in rows if row[place] is not None]
        found = _present("\0".join(text for _row, text in cells), needles)
        for row, text in cells:
            if found and any(needle.pattern.search(text) for needle in found):
                yield _Hit(table, column, row, text, plain=True)
            elif any(needle.pattern.search(inner) for inner in unwrapped(text) for needle in needles):
                yield _Hit(table, column, row, text, plain=False)


def _present(text: str, needles: Sequence[Needle]) -> list[Needle]:
    return [needle for needle in needles if any(form in text for form in needle.forms)]


def as_text(value: object) -> str:
    """A cell as text; bytes that are none are read sign by sign."""
    if isinstance(value, memoryview):
        value = value.tobytes()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def unwrapped(text: str) -> list[str]:
    """What a session, a cached value or a queued call holds under its wrapping (base64, compressed or not)."""
    if len(text) < 16 or any(letter.isspace() for letter in text[:64]) or not text.isascii():  # noqa: PLR2004 - shorter holds nothing
        return []
    body = text.split(":", maxsplit=1)[0].lstrip(".").translate(str.maketrans("-_", "+/")).replace("\n", "")
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return []
    found = [raw]
    with suppress(zlib.error):
        found.append(zlib.decompress(raw))
    return [one.decode("utf-8", "replace") for one in found]


def _bar(hit: _Hit, row: Any, needles: Sequence[Needle]) -> Any:
    """Write the barred text into the cell of the row that stands there; where it stands then, None if it is gone."""
    fresh = covered(hit.text, _wanted(hit.table, needles))
    where, place = ("rowid = %s", "rowid") if connection.vendor == "sqlite" else ("ctid = %s::tid", "ctid::text")
    cast = "%s::jsonb" if connection.vendor == "postgresql" and _is_json(hit) else "%s"
    with connection.cursor() as cursor:
        # Names the database itself gave, and bound values.
        sql = f'UPDATE "{hit.table}" SET "{hit.column}" = {cast} WHERE {where} RETURNING {place}'  # noqa: S608 - see above
        cursor.execute(sql, [fresh, row])
        found = cursor.fetchone()
        return found[0] if found else None


def _is_json(hit: _Hit) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = %s AND column_name = %s",
            [hit.table, hit.column],
        )
        return bool(cursor.fetchone()[0] == "jsonb")


def _remove(hit: _Hit, row: Any) -> int:
    where = "rowid = %s" if connection.vendor == "sqlite" else "ctid = %s::tid"
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{hit.table}" WHERE {where}', [row])  # noqa: S608 - as above
        return int(cursor.rowcount)


def stands_with_others(needle: Needle) -> bool:
    """Whether a table that is never searched for this needle holds it: another person or the house is called so."""
    aside = [table for table in connection.introspection.table_names() if not _wanted(table, [needle])]
    return any(True for table in aside if (columns := _columns(table)) for _hit in _in_table(table, columns, [needle]))
