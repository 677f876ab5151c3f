"""What the lake knows of a fact: the columns, and how they are taken from the log.

Identities appear as random pseudonyms. No text, no payload, no outside id ever goes in.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from qunying.ground.groups.queries import zones_of
from qunying.ground.warehouse.reading import fetch_arrow, fetch_small
from qunying.kit.sql import as_told, before_horizon

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

INSTANT = pa.timestamp("us", tz="UTC")
_STORED = pa.schema(
    [
        ("id", pa.int64()),
        ("tx", pa.int64()),
        ("kind", pa.string()),
        ("occurred_at", INSTANT),
        ("community", pa.int64()),
        ("group", pa.int64()),
        ("actor", pa.int64()),
        ("target", pa.int64()),
        ("object_type", pa.string()),
        ("object_id", pa.string()),
        ("channel_key", pa.string()),
        ("amount", pa.int64()),
    ]
)
LOCAL = (("day", pa.date32()), ("hour", pa.int8()), ("month", pa.string()))
SCHEMA = pa.schema([*_STORED, *LOCAL])
"""Columns of the lake. `day`, `hour` and `month` ('YYYY-MM') are local to the community."""

_SELECT = """
SELECT e.id, e.tx, e.kind, {at}, e.community_id, e.group_id, actor.pseudonym, target.pseudonym,
       e.object_type, e.object_id, e.channel_key, e.amount
FROM events_event e
LEFT JOIN members_identity actor ON actor.id = e.identity_id
LEFT JOIN members_identity target ON target.id = e.target_identity_id
WHERE (e.tx, e.id) > ({tx:d}, {id:d}) AND {bound}
ORDER BY e.tx, e.id {limit}
"""
_QUARTER = 900 * 1_000_000
_HOUR = 3600 * 1_000_000
_DAY = 24 * _HOUR

Place = tuple[int, int]
"""A place in the log: (tx, id)."""


def facts_to_move(after: Place, *, limit: int) -> pa.Table:
    """The next facts after this place, in order, up to the horizon: none can slip in before them any more."""
    bound = before_horizon(connection, "e.tx")
    return with_local_time(fetch_arrow(_select(after, bound=bound, limit=f"LIMIT {limit:d}"), _STORED))


def facts_between(after: Place, until: Place) -> pa.Table:
    """The facts after one place up to another, that one included."""
    bound = f"(e.tx, e.id) <= ({until[0]:d}, {until[1]:d})"
    return with_local_time(fetch_arrow(_select(after, bound=bound), _STORED))


def facts_after(after: Place) -> pa.Table:
    """Every committed fact after this place, beyond the horizon too: what the lake does not hold yet."""
    return with_local_time(fetch_small(_select(after, bound="1=1"), _STORED))


def _select(after: Place, *, bound: str, limit: str = "") -> str:
    return _SELECT.format(at=as_told(connection, "e.occurred_at"), tx=after[0], id=after[1], bound=bound, limit=limit)


def with_local_time(facts: pa.Table) -> pa.Table:
    """The same facts with `day`, `hour` and `month` as the clocks of their communities showed them."""
    local = local_micros(facts["occurred_at"], facts["community"])
    day = pa.array((local // _DAY).astype(np.int32), type=pa.int32()).cast(pa.date32())
    hour = pa.array(((local % _DAY) // _HOUR).astype(np.int8), type=pa.int8())
    month = pc.strftime(day.cast(pa.timestamp("s")), format="%Y-%m")
    columns = zip(LOCAL, (day, hour, month), strict=True)
    for (name, kind), values in columns:
        facts = facts.append_column(pa.field(name, kind), values)
    return facts


def local_micros(at: pa.ChunkedArray, community: pa.ChunkedArray) -> NDArray[np.int64]:
    """Microseconds since 1970 as local clocks count them; a missing instant gives 0."""
    micros = at.cast(pa.int64()).fill_null(0).to_numpy()
    places = community.to_numpy()
    result: NDArray[np.int64] = micros.copy()
    for pk, zone in zones_of(np.unique(places).tolist()).items():
        here = places == pk
        result[here] += _offsets(micros[here], zone)
    return result


def _offsets(micros: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    # Offsets change at quarters of an hour at the finest, so each quarter is looked up once.
    quarters, where = np.unique(micros // _QUARTER, return_inverse=True)
    start = datetime(1970, 1, 1, tzinfo=UTC)
    looked_up = [
        (start + timedelta(microseconds=int(quarter) * _QUARTER)).astimezone(zone).utcoffset() or timedelta()
        for quarter in quarters
    ]
    in_micros = np.array([one // timedelta(microseconds=1) for one in looked_up], dtype=np.int64)
    found: NDArray[np.int64] = in_micros[where]
    return found
