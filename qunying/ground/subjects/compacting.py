"""Making deleted bytes really go, out of the database's file and its log."""

from __future__ import annotations

import time

from django.db import connection

from qunying.ground.subjects.places import database_files

_PATIENCE = 15.0
LARGE = 1_000_000_000
"""Bytes of a database file above which it is written anew only from the command line: a worker is given a minute."""
_TOUCHED = (
    "events_message",
    "events_event",
    "members_identity",
    "members_member",
    "members_privatefield",
    "members_note",
)


def delete_for_good() -> None:
    """Have SQLite write zeros over what it deletes, on this connection."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def compact_database() -> bool:
    """Write the database's file anew without anything deleted, and empty its log; whether that was done in full.

    On PostgreSQL the room of deleted rows is given free; its write-ahead log is the administrator's.
    """
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            for table in _TOUCHED:
                cursor.execute(f"VACUUM {table}")
            return True
        cursor.execute("VACUUM")
        return _empty_log()


def database_size() -> int:
    """Bytes of the database's file; 0 where it is no file."""
    return sum(path.stat().st_size for path in database_files())


def _empty_log() -> bool:
    """Copy the write-ahead log into the file and cut it to nothing, once nobody reads from it any more."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()[0]
        if not busy or time.monotonic() > deadline:
            return not busy
        time.sleep(0.2)
