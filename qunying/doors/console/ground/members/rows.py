"""Members as lines of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qunying.ground.events.doings import Doings, doings_by_member
from qunying.ground.groups.queries import groups_by_member
from qunying.ground.members.queries import tags_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member, MemberTag


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member of a community; times are local to it."""

    member: Member
    present: bool
    joined_at: datetime
    last_at: datetime | None
    messages: int
    tags: list[MemberTag]
    groups: list[str]


def member_rows(members: Sequence[Member], community: Community) -> list[MemberRow]:
    """Lines for the members of one page. Three queries, however many there are."""
    zone = ZoneInfo(community.timezone)
    ids = [member.pk for member in members]
    tags, groups, doings = tags_of(ids), groups_by_member(ids, community), doings_by_member(ids, community)
    return [
        MemberRow(
            member=member,
            present=member.present,  # type: ignore[attr-defined]
            joined_at=member.joined_at.astimezone(zone),  # type: ignore[attr-defined]
            last_at=did.last_at.astimezone(zone) if did.last_at else None,
            messages=did.messages,
            tags=tags.get(member.pk, []),
            groups=groups.get(member.pk, []),
        )
        for member in members
        for did in [doings.get(member.pk, Doings())]
    ]
