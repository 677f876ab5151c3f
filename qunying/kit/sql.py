"""What differs between SQLite and PostgreSQL in the few statements written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.backends.base.base import BaseDatabaseWrapper


def current_tx(connection: BaseDatabaseWrapper) -> str:
    """SQL for the number of the running transaction; SQLite has one writer and needs none."""
    return "pg_current_xact_id()::text::bigint" if connection.vendor == "postgresql" else "0"


def before_horizon(connection: BaseDatabaseWrapper, column: str = "tx") -> str:
    """SQL that keeps only rows no older transaction can still slip in front of.

    On PostgreSQL a lower id may commit later than a higher one; below the oldest running
    transaction nothing can appear any more. SQLite commits in the order of ids.
    """
    if connection.vendor == "postgresql":
        return f"{column} < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    return "1=1"


def as_told(connection: BaseDatabaseWrapper, column: str) -> str:
    """SQL for a time just as the database keeps it: Django would parse each of SQLite's texts in Python."""
    return f"{column} || ''" if connection.vendor == "sqlite" else column


def sql_date(day: date) -> str:
    """The day as a literal."""
    return f"DATE '{day.isoformat()}'"


def sql_list(values: Sequence[int] | Sequence[str], marks: str = "()") -> str:
    """Whole numbers and quoted words with commas between, in brackets."""
    quoted = (str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'" for value in values)
    return marks[0] + ", ".join(quoted) + marks[1]
