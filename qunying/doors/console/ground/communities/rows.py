"""Communities and groups as lines of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from qunying.doors.console.ground.communities.forms import COMMUNITY_KINDS, GROUP_KINDS
from qunying.ground.groups.capacity import Fullness, fullness
from qunying.ground.platforms.names import platform_label

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.groups.models import Community, Group

_COMMUNITY_KINDS = {str(kind): label for kind, label in COMMUNITY_KINDS}
_GROUP_KINDS = {str(kind): label for kind, label in GROUP_KINDS}


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """One community: members present without staff and bots, and number of groups."""

    community: Community
    kind: str
    groups: int
    present: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: accounts in it, and whether it is getting full."""

    group: Group
    kind: str
    platform: str
    present: int
    fullness: Fullness


def community_rows(found: QuerySet[Community], *, words: str) -> list[CommunityRow]:
    """Lines of communities whose name, short name or unit holds the words."""
    if words:
        found = found.filter(Q(name__icontains=words) | Q(slug__icontains=words) | Q(unit__name__icontains=words))
    return [
        CommunityRow(row, str(_COMMUNITY_KINDS[row.kind]), row.group_count, row.present)  # type: ignore[attr-defined]
        for row in found
    ]


def group_rows(found: QuerySet[Group], *, words: str) -> list[GroupRow]:
    """Lines of groups whose name holds the words."""
    if words:
        found = found.filter(name__icontains=words)
    return [_group_row(row, row.present) for row in found]  # type: ignore[attr-defined]


def _group_row(group: Group, present: int) -> GroupRow:
    kind = str(_GROUP_KINDS[group.kind])
    return GroupRow(group, kind, platform_label(group.platform), present, fullness(present, group.capacity))
