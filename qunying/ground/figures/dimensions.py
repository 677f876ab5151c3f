"""People as figures see them: who belongs to which identity, who was where when, who carries which tag.

Taken from the operational store into DuckDB, once for each version of the dimensions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from django.db import connection

from qunying.ground.warehouse.projection import INSTANT, local_micros
from qunying.ground.warehouse.reading import fetch_arrow
from qunying.kit.sql import as_told

if TYPE_CHECKING:
    import duckdb

_DAY = 86_400_000_000
_COUNTED = "NOT m.is_staff AND NOT m.is_bot"
_LEFT_OUT = "(m.is_staff OR m.is_bot)"
_IDENTITIES = """
SELECT i.pseudonym, i.member_id, i.platform
FROM members_identity i JOIN members_member m ON m.id = i.member_id
WHERE {which}
"""
_MEMBERSHIPS = """
SELECT i.member_id, s.community_id, s.group_id, s.channel_key, s.role, {joined}, {left}
FROM groups_membership s
JOIN members_identity i ON i.id = s.identity_id
JOIN members_member m ON m.id = i.member_id
WHERE {which}
"""
_TAGS = "SELECT member_id, tag_id FROM members_membertag"
_RECOGNITIONS = "SELECT member_id, community_id, kind FROM groups_recognition WHERE ended_at IS NULL"
_MARKED = "SELECT id, is_staff, is_bot FROM members_member m WHERE (m.is_staff OR m.is_bot)"


def load_dimensions(duck: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Fill the tables of this DuckDB schema; staff and bots stand apart, in tables no figure reads."""
    tags = fetch_arrow(_TAGS, pa.schema([("member", pa.int64()), ("tag", pa.int64())]))
    known = [("member", pa.int64()), ("community", pa.int64()), ("kind", pa.string())]
    marked = [("member", pa.int64()), ("is_staff", pa.bool_()), ("is_bot", pa.bool_())]
    tables = {
        "identities": _identities(_COUNTED),
        "memberships": _memberships(_COUNTED),
        "left_out_identities": _identities(_LEFT_OUT),
        "left_out_memberships": _memberships(_LEFT_OUT),
        "tags": tags,
        "recognitions": fetch_arrow(_RECOGNITIONS, pa.schema(known)),
        "marked": fetch_arrow(_MARKED, pa.schema(marked)),
    }
    duck.execute(f"CREATE SCHEMA {schema}")
    for name, table in tables.items():
        duck.register("incoming", table)
        duck.execute(f"CREATE TABLE {schema}.{name} AS FROM incoming")
        duck.unregister("incoming")


def _identities(which: str) -> pa.Table:
    columns = [("pseudonym", pa.int64()), ("member", pa.int64()), ("platform", pa.string())]
    return fetch_arrow(_IDENTITIES.format(which=which), pa.schema(columns))


def _memberships(which: str) -> pa.Table:
    found = fetch_arrow(
        _MEMBERSHIPS.format(
            which=which, joined=as_told(connection, "s.joined_at"), left=as_told(connection, "s.left_at")
        ),
        pa.schema(
            [
                ("member", pa.int64()),
                ("community", pa.int64()),
                ("group", pa.int64()),
                ("channel_key", pa.string()),
                ("role", pa.string()),
                ("joined_at", INSTANT),
                ("left_at", INSTANT),
            ]
        ),
    )
    for name in ("joined", "left"):
        days = (local_micros(found[f"{name}_at"], found["community"]) // _DAY).astype("int32")
        missing = found[f"{name}_at"].is_null().to_numpy()
        found = found.append_column(f"{name}_day", pa.array(days, type=pa.int32(), mask=missing).cast(pa.date32()))
        index = found.schema.get_field_index(f"{name}_at")
        found = found.set_column(index, f"{name}_at", found[f"{name}_at"].cast(pa.int64()))
    return found
