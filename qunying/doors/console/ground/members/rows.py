"""Members as lines of a table: found, sorted, and what stands in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.doors.console.ground.members.segmenting import selection_with_segment
from qunying.doors.console.lists import Column, Listing
from qunying.ground.events.doings import Doings, doings_by_member
from qunying.ground.events.selection import select_members, with_last_act
from qunying.ground.groups.queries import groups_by_member
from qunying.ground.members.private import PRIVATE_FIELDS
from qunying.ground.members.queries import accounts_of, masked_fields, tags_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import QueryDict

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member, MemberTag


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member of a community; times are local to it. Accounts and masked private fields are for the file only."""

    member: Member
    present: bool
    joined_at: datetime
    last_at: datetime | None
    messages: int
    tags: list[MemberTag]
    groups: list[str]
    accounts: list[str] = field(default_factory=list)
    masked: dict[str, str] = field(default_factory=dict)


def _tags(row: MemberRow) -> str:
    return "; ".join(f"{held.tag.dimension.label}: {held.tag.label}" for held in row.tags)


def _mark(row: MemberRow) -> str:
    marks = ((_("staff"), row.member.is_staff), (_("bot"), row.member.is_bot))
    return "; ".join(word for word, on in marks if on)


def _masked(name: str) -> Callable[[MemberRow], str]:
    return lambda row: row.masked.get(name, "")


MEMBERS: Listing[MemberRow] = Listing(
    "members",
    gettext_lazy("Members"),
    (
        Column("number", gettext_lazy("Number"), lambda row: row.member.pk, shown=False),
        Column("name", gettext_lazy("Name"), lambda row: str(row.member), order="display_name"),
        Column("accounts", gettext_lazy("Accounts"), lambda row: "; ".join(row.accounts), shown=False),
        Column("present", gettext_lazy("Present"), lambda row: _("present") if row.present else _("left"), shown=False),
        Column("mark", gettext_lazy("Mark"), _mark, shown=False),
        Column("tags", gettext_lazy("Tags"), _tags),
        Column("groups", gettext_lazy("Groups"), lambda row: "; ".join(row.groups)),
        Column("joined", gettext_lazy("Joined"), lambda row: row.joined_at, order="joined_at"),
        Column("last", gettext_lazy("Last active"), lambda row: row.last_at, order="last_at"),
        Column("messages", gettext_lazy("Messages"), lambda row: row.messages, css="number"),
        *(Column(kind.name, kind.label, _masked(kind.name), shown=False) for kind in PRIVATE_FIELDS.values()),
    ),
    default="-joined",
)


def find_members(community: Community, query: QueryDict, staff: Staff) -> QuerySet[Member]:
    """The members that fit the filters of the address and its segment, in the order it asks for."""
    found = select_members(community, selection_with_segment(query, staff))
    if MEMBERS.asked(query).removeprefix("-") == "last":
        found = with_last_act(found, community)
    return MEMBERS.sort(found, query)


def member_rows(members: Sequence[Member], community: Community, *, for_file: bool = False) -> list[MemberRow]:
    """Lines for these members. Three queries, however many there are; two more where they are for a file."""
    zone = ZoneInfo(community.timezone)
    ids = [member.pk for member in members]
    tags, groups, doings = tags_of(ids), groups_by_member(ids, community), doings_by_member(ids, community)
    accounts, masked = (accounts_of(ids), masked_fields(ids)) if for_file else ({}, {})
    return [
        MemberRow(
            member=member,
            present=member.present,  # type: ignore[attr-defined]
            joined_at=member.joined_at.astimezone(zone),  # type: ignore[attr-defined]
            last_at=did.last_at.astimezone(zone) if did.last_at else None,
            messages=did.messages,
            tags=tags.get(member.pk, []),
            groups=groups.get(member.pk, []),
            accounts=accounts.get(member.pk, []),
            masked=masked.get(member.pk, {}),
        )
        for member in members
        for did in [doings.get(member.pk, Doings())]
    ]
