"""Stays of identities in groups as the table holds them: read, replaced, and held against what was seen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

import qunying.kit.among  # noqa: F401 - registers the lookup used here
from qunying.ground.groups.models import Membership
from qunying.kit.bulk import insert_rows, time_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from qunying.ground.groups.models import Community
    from qunying.kit.bulk import Row

    Seen = Mapping[tuple[int, int | None], tuple[datetime, datetime]]

_MEMBERSHIP = {
    "community_id": "bigint",
    "group_id": "bigint",
    "identity_id": "bigint",
    "joined_at": "timestamptz",
    "left_at": "timestamptz",
    "opened_by": "varchar",
    "role": "varchar",
    "channel_key": "varchar",
    "inviter_id": "bigint",
}

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


@dataclass(frozen=True, slots=True)
class Interval:
    """One stay of an identity in a group, as it should stand in the table."""

    joined_at: datetime
    left_at: datetime | None
    opened_by: str
    role: str
    channel_key: str
    inviter_id: int | None


def intervals_of(community: Community, identity_ids: list[int]) -> dict[int, dict[int | None, list[Interval]]]:
    """Stored intervals of these identities in the community: identity → group → intervals."""
    known: dict[int, dict[int | None, list[Interval]]] = {}
    rows = Membership.objects.filter(community=community, identity__among=identity_ids).values_list(
        "identity_id", "group_id", "joined_at", "left_at", "opened_by", "role", "channel_key", "inviter_id"
    )
    for identity, group, joined_at, left_at, opened_by, role, channel, inviter in rows:
        interval = Interval(joined_at, left_at, opened_by, role, channel, inviter)
        known.setdefault(identity, {}).setdefault(group, []).append(interval)
    return known


def replace_intervals(
    community: Community,
    wanted: dict[int, dict[int | None, list[Interval]]],
    *,
    known: dict[int, dict[int | None, list[Interval]]],
) -> bool:
    """Make the stored intervals of the identities in `wanted` be exactly these; True where any differed."""
    differing = {identity: groups for identity, groups in wanted.items() if groups != known.get(identity, {})}
    stale = [identity for identity in differing if identity in known]
    if stale:
        Membership.objects.filter(community=community, identity__among=stale).delete()
    as_time = time_writer(connection)
    rows = [
        (community.pk, group, identity, *_columns(span, as_time))
        for identity, groups in differing.items()
        for group, spans in groups.items()
        for span in spans
    ]
    insert_rows(connection, "groups_membership", _MEMBERSHIP, rows)
    return bool(differing)


def _columns(span: Interval, as_time: Callable[[datetime], datetime | str]) -> Row:
    left_at = None if span.left_at is None else as_time(span.left_at)
    return as_time(span.joined_at), left_at, span.opened_by, span.role, span.channel_key, span.inviter_id


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
    as_time = time_writer(connection)
    rows = [(*where, as_time(first), as_time(last)) for where, (first, last) in seen.items()]
    return _WITHOUT_STAY.format(seen=_SQLITE, names=""), [json.dumps(rows)]


def _on_postgresql(seen: Seen) -> tuple[str, list[Any]]:
    identities, places = (list(column) for column in zip(*seen, strict=True))
    firsts, lasts = (list(column) for column in zip(*seen.values(), strict=True))
    names = "(identity, place, first, last)"
    return _WITHOUT_STAY.format(seen=_POSTGRESQL, names=names), [identities, places, firsts, lasts]
