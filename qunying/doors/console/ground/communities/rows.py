"""Communities and groups as lines of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.db.models.functions import NullIf
from django.utils.translation import gettext_lazy as _

from qunying.doors.console.ground.communities.forms import COMMUNITY_KINDS, GROUP_KINDS
from qunying.doors.console.lists import Column, Listing
from qunying.ground.groups.capacity import Fullness, fullness
from qunying.ground.platforms.names import platform_label

if TYPE_CHECKING:
    from collections.abc import Iterable

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


COMMUNITIES: Listing[CommunityRow] = Listing(
    "communities",
    _("Communities"),
    (
        Column("name", _("Name"), lambda row: row.community.name, order="name"),
        Column("slug", _("Short name"), lambda row: row.community.slug, shown=False),
        Column("unit", _("Unit"), lambda row: row.community.unit.name, order="unit__name"),
        Column("kind", _("What holds it together"), lambda row: row.kind, order="kind"),
        Column("groups", _("Groups"), lambda row: row.groups, order="group_count", css="number"),
        Column("present", _("Members now"), lambda row: row.present, order="present", css="number"),
        Column("timezone", _("Time zone"), lambda row: row.community.timezone, shown=False),
    ),
    default="name",
)
_ROOM = NullIf(F("capacity"), 0) - F("present")
_FULLNESS = {
    Fullness.ROOM: _("Enough"),
    Fullness.NEARLY_FULL: _("Nearly full"),
    Fullness.FULL: _("Full"),
}
GROUPS: Listing[GroupRow] = Listing(
    "groups",
    _("Groups"),
    (
        Column("name", _("Name"), lambda row: row.group.name, order="name"),
        Column("platform", _("Platform"), lambda row: row.platform, order="platform"),
        Column("kind", _("For whom"), lambda row: row.kind, order="kind"),
        Column("present", _("Accounts in it"), lambda row: row.present, order="present", css="number"),
        Column("capacity", _("Accounts it can hold"), lambda row: row.group.capacity, shown=False),
        Column("room", _("Room"), lambda row: _FULLNESS[row.fullness], order=_ROOM),
    ),
    default="name",
)


def find_communities(found: QuerySet[Community], *, words: str) -> QuerySet[Community]:
    """Communities whose name, short name or unit holds the words."""
    if not words:
        return found
    return found.filter(Q(name__icontains=words) | Q(slug__icontains=words) | Q(unit__name__icontains=words))


def find_groups(found: QuerySet[Group], *, words: str, platform: str) -> QuerySet[Group]:
    """Groups whose name holds the words, on this platform; what is empty does not narrow."""
    if words:
        found = found.filter(name__icontains=words)
    return found.filter(platform=platform) if platform else found


def community_rows(found: Iterable[Community]) -> list[CommunityRow]:
    """Lines of communities that come with their counts."""
    return [
        CommunityRow(row, str(_COMMUNITY_KINDS[row.kind]), row.group_count, row.present)  # type: ignore[attr-defined]
        for row in found
    ]


def group_rows(found: Iterable[Group]) -> list[GroupRow]:
    """Lines of groups that come with the accounts in them."""
    return [_group_row(row, row.present) for row in found]  # type: ignore[attr-defined]


def _group_row(group: Group, present: int) -> GroupRow:
    kind = str(_GROUP_KINDS[group.kind])
    return GroupRow(group, kind, platform_label(group.platform), present, fullness(present, group.capacity))
