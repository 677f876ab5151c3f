"""Comings and goings: who was in which group from when to when, in which role, brought by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._people import (
    EXTERNAL_ID,
    GROUP,
    PLATFORM,
    PLATFORM_OPTION,
    TIMEZONE_OPTION,
    RowError,
    person,
    text,
    when,
)
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import Column, Importer, Rejection, Row, register_importer
from qunying.ground.imports.tabular import mapped_columns, mapped_rows, sniff_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_LONGEST_CHANNEL = 64
_ROLES = {
    "owner": "owner",
    "群主": "owner",
    "admin": "admin",
    "管理员": "admin",
    "群管理员": "admin",
    "active": "active",
    "活跃成员": "active",
    "活跃群友": "active",
    "member": "member",
    "成员": "member",
    "普通成员": "member",
    "群成员": "member",
}

COLUMNS = (
    PLATFORM,
    EXTERNAL_ID,
    GROUP,
    Column(
        "joined_at", _("When the person came."), needed=True, aliases=("加入时间", "入群时间", "进群时间", "joined")
    ),
    Column(
        "left_at",
        _("When the person left; empty while still there."),
        aliases=("退群时间", "离开时间", "退出时间", "left"),
    ),
    Column("role", _("owner, admin, active or member."), aliases=("角色", "身份", "群身份")),
    Column("inviter", _("The account id of whoever brought the person."), aliases=("邀请人", "邀请者", "invited_by")),
    Column("channel", _("The source the person came from."), aliases=("渠道", "来源", "入群方式", "source")),
    Column("name", _("The name shown in the group."), aliases=("昵称", "群昵称", "nickname", "display_name")),
)


def sniff(source: Source) -> float:
    """How much the header is one of comings and goings."""
    return sniff_columns(source, COLUMNS, marks=("group", "left_at", "inviter"))


def read(source: Source, context: Context) -> Iterator[Item]:
    """One `joined` a row, and one `left` where the row says when."""
    matched = mapped_columns(source, COLUMNS, context.columns)
    for row in mapped_rows(source, matched, needed=("external_id", "joined_at")):
        if isinstance(row, Rejection):
            yield row
            continue
        number, cells, _raw = row
        try:
            yield Row(tuple(_facts(cells, context)))
        except RowError as error:
            yield error.at(number, matched.columns)


def _facts(cells: dict[str, str], context: Context) -> Iterator[Fact]:
    who, joined = person(cells, context), when(cells, "joined_at", context)
    left = when(cells, "left_at", context) if cells.get("left_at") else None
    if left is not None and left < joined:
        raise RowError("left_first", "left_at", cells["left_at"])
    role = _ROLES.get(cells.get("role", "").casefold() or "member")
    if role is None:
        raise RowError("bad_role", "role", cells["role"])
    inviter = person({**cells, "name": ""}, context, column="inviter") if cells.get("inviter") else None
    channel = text(cells, "channel", _LONGEST_CHANNEL)
    group_id = context.group(cells.get("group", ""), platform=who.platform)
    key = (group_id or 0, who.platform, who.external_id)
    yield Fact(
        "joined",
        joined,
        ("joined", *key, joined.isoformat()),
        who=who,
        target=inviter,
        group_id=group_id,
        channel_key=channel,
        payload={"role": role},
    )
    if left is not None:
        yield Fact("left", left, ("left", *key, left.isoformat()), who=who, group_id=group_id)


register_importer(
    Importer(
        name="memberships",
        label=_("Comings and goings"),
        looks=_("a table with the columns platform, external_id, group, joined_at and left_at"),
        columns=COLUMNS,
        options=(PLATFORM_OPTION, TIMEZONE_OPTION),
        sniff=sniff,
        read=read,
    )
)
