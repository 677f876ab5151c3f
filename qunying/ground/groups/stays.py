"""Whether stays already stored account for what was seen: one statement for a thousand people."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qunying.ground.groups.models import Community

    Seen = Mapping[tuple[int, int | None], tuple[datetime, datetime]]

_SQLITE = """(
    SELECT json_extract(value, '$[0]') AS identity, json_extract(value, '$[1]') AS place,
           json_extract(value, '$[2]') AS first, json_extract(value, '$[3]') AS last
    FROM json_each(%s))"""
_POSTGRESQL = "unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])"
_WITHOUT_STAY = """
    SELECT DISTINCT seen.identity FROM {seen} AS seen {names}
    WHERE NOT EXISTS (
        SELECT 1 FROM groups_membership AS stay
        WHERE stay.identity_id = seen.identity AND stay.community_id = %s AND (
            (seen.place IS NULL AND stay.group_id IS NOT NULL)
            OR ((stay.group_id = seen.place OR (stay.group_id IS NULL AND seen.place IS NULL))
                AND stay.joined_at <= seen.first AND (stay.left_at IS NULL OR seen.last <= stay.left_at))))"""


def not_covered(community: Community, seen: Seen) -> set[int]:
    """The identities that no one stay accounts for, of those seen in a group from a first to a last instant.

    Keys of `seen` are (identity, group), times are aware. Without a group, any stay in a group accounts
    for it: facts without one show that a person belongs to the community, and a group tells more.
    """
    if not seen:
        return set()
    sql, bound = _on_sqlite(seen) if connection.vendor == "sqlite" else _on_postgresql(seen)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*bound, community.pk])
        return {identity for (identity,) in cursor.fetchall()}


def _on_sqlite(seen: Seen) -> tuple[str, list[Any]]:
    rows = [(*where, _stored(first), _stored(last)) for where, (first, last) in seen.items()]
    return _WITHOUT_STAY.format(seen=_SQLITE, names=""), [json.dumps(rows)]


def _stored(at: datetime) -> str:
    """As Django keeps times on SQLite, which compares them as text."""
    return str(at.astimezone(UTC).replace(tzinfo=None))


def _on_postgresql(seen: Seen) -> tuple[str, list[Any]]:
    identities, places = (list(column) for column in zip(*seen, strict=True))
    firsts, lasts = (list(column) for column in zip(*seen.values(), strict=True))
    names = "(identity, place, first, last)"
    return _WITHOUT_STAY.format(seen=_POSTGRESQL, names=names), [identities, places, firsts, lasts]
