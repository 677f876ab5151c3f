"""What the importers of tables share about people, times and amounts."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.ground.imports.importers import Column, Option, Rejection
from qunying.ground.members.services import Who
from qunying.ground.platforms.names import canonical_platform
from qunying.kit.money import to_minor
from qunying.kit.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qunying.ground.imports.context import Context

LONGEST_ID = 190
LONGEST_PLATFORM = 24

PLATFORM = Column(
    "platform", _("Where the account is: wechat, wecom, qq, dingtalk…"), aliases=("平台", "来源平台", "渠道平台")
)
EXTERNAL_ID = Column(
    "external_id",
    _("The account's id on the platform."),
    needed=True,
    aliases=(
        "外部id",
        "用户id",
        "userid",
        "user_id",
        "openid",
        "unionid",
        "wxid",
        "微信号",
        "qq号",
        "账号",
        "会员id",
        "成员id",
        "external_userid",
        "member_id",
        "member",
    ),
)
GROUP = Column("group", _("The group's name."), aliases=("群", "群名", "群名称", "群聊", "group_name"))
PLATFORM_OPTION = Option("platform", _("The platform of rows that name none."))
TIMEZONE_OPTION = Option("timezone", _("Time zone of times without an offset; otherwise the community's."))


class RowError(Exception):
    """A row cannot be taken; carries what the rejection says."""

    def __init__(self, reason: str, column: str, value: str = "", **params: object) -> None:
        super().__init__(reason)
        self.reason, self.column, self.value, self.params = reason, column, value, params

    def at(self, row: int, headers: Mapping[str, str]) -> Rejection:
        """The rejection of this row, naming the column as the file does."""
        return Rejection(row, self.reason, headers.get(self.column, self.column), self.value, self.params)


def person(cells: Mapping[str, str], context: Context, *, column: str = "external_id", default: str = "") -> Who:
    """The account a row names; raises RowError where its platform or id is missing or too long."""
    platform = canonical_platform(cells.get("platform", "") or context.options.get("platform", "") or default)
    if not platform:
        raise RowError("no_platform", "platform")
    if len(platform) > LONGEST_PLATFORM:
        raise RowError("too_long", "platform", platform, most=LONGEST_PLATFORM)
    external_id = text(cells, column, LONGEST_ID)
    return Who(platform, external_id, cells.get("name", ""))


def text(cells: Mapping[str, str], column: str, most: int) -> str:
    """A cell of at most so many characters; raises RowError."""
    value = cells.get(column, "")
    if len(value) > most:
        raise RowError("too_long", column, value[:most], most=most)
    return value


def when(cells: Mapping[str, str], column: str, context: Context) -> datetime:
    """The instant in a cell; raises RowError."""
    try:
        at = parse_time(cells[column], context.zone())
    except (ValueError, OverflowError):
        raise RowError("bad_time", column, cells[column]) from None
    if not context.possible(at):
        raise RowError("absurd_time", column, cells[column])
    return at


def minor(cells: Mapping[str, str], column: str, context: Context) -> int:
    """The amount in a cell, in minor units of the community's currency; raises RowError."""
    currency = context.community.currency
    try:
        return to_minor(cells[column], currency)
    except ValueError:
        raise RowError("bad_amount", column, cells[column], currency=currency) from None


def number(cells: Mapping[str, str], column: str) -> float:
    """The finite number in a cell; raises RowError."""
    try:
        value = float(cells[column])
    except ValueError:
        value = inf
    if not isfinite(value):
        raise RowError("bad_number", column, cells[column])
    return value
