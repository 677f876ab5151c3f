"""Whether the people under a figure are still those it was counted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable

    Changes = dict[int | None, tuple[int, int]]

_VERSION = """
SELECT (SELECT coalesce(sum(weight), 0) FROM members_dimensionchange),
       (SELECT coalesce(max(id), 0) FROM members_dimensionchange),
       (SELECT coalesce(max(id), 0) FROM members_identity),
       (SELECT coalesce(max(id), 0) FROM groups_membership),
       (SELECT coalesce(max(id), 0) FROM members_membertag)
"""
_CHANGES = "SELECT community_id, sum(weight), max(id) FROM members_dimensionchange GROUP BY community_id"


def dimension_version() -> str:
    """Changes whenever people, memberships or tags do, of whichever community."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return ".".join(str(int(part)) for part in cursor.fetchone())


def changes_by_community() -> Changes:
    """How far the changes of people have come: for each community, and under None for those that concern all."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES)
        return {community: (int(weight), last) for community, weight, last in cursor.fetchall()}


def scope_version(communities: Iterable[int], changes: Changes) -> str:
    """Changes whenever people or tags do, or the memberships of these communities; others' comings do not."""
    told = [changes[one] for one in {None, *communities} if one in changes]
    return f"{sum(weight for weight, _last in told)}.{max((last for _weight, last in told), default=0)}"
