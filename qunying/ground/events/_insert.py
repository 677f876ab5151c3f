"""The one INSERT of the log, and of the words that belong to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection

from qunying.kit.bulk import insert_rows
from qunying.kit.sql import current_tx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qunying.kit.bulk import Row

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

_EMPTY = "{}"
_encode = json.JSONEncoder(ensure_ascii=False).encode


def as_json(payload: Mapping[str, Any]) -> str:
    """A payload as the database keeps it."""
    return _encode(dict(payload)) if payload else _EMPTY


def insert_events(rows: Sequence[Row]) -> dict[bytes, int]:
    """Insert rows (in the order of COLUMNS) unless their (source, source_key) is there; new key → id."""
    constants = {"tx": current_tx(connection)}
    once, returning = ("source", "source_key"), ("source_key", "id")
    return dict(
        insert_rows(connection, "events_event", COLUMNS, rows, constants=constants, once=once, returning=returning)
    )


def insert_messages(rows: Sequence[tuple[int, str]]) -> None:
    """Insert (event id, text)."""
    insert_rows(connection, "events_message", {"event_id": "bigint", "text": "text"}, rows)
