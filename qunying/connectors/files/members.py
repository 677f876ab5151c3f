"""People: platform, external_id, name, phone, joined_at, other private fields; further columns are tag dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._people import (
    EXTERNAL_ID,
    PLATFORM,
    PLATFORM_OPTION,
    TIMEZONE_OPTION,
    RowError,
    person,
    when,
)
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import Column, Importer, Option, Profile, Rejection, Row, register_importer
from qunying.ground.imports.reasons import REASONS
from qunying.ground.imports.tabular import mapped_columns, mapped_rows, sniff_columns, tag_columns
from qunying.ground.members.private import PRIVATE_FIELDS, tidy_private
from qunying.kit.errors import QunyingError
from qunying.kit.tables import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_LONGEST_TAG = 80

COLUMNS = (
    PLATFORM,
    EXTERNAL_ID,
    Column("name", _("The name shown in the group."), aliases=("昵称", "名称", "群昵称", "nickname", "display_name")),
    Column(
        "phone", _("Telephone; kept encrypted."), aliases=("手机", "手机号", "手机号码", "电话", "联系电话", "mobile")
    ),
    Column(
        "joined_at",
        _("When the person joined."),
        aliases=("加入时间", "入群时间", "进群时间", "添加时间", "注册时间", "joined"),
    ),
    Column(
        "unionid",
        _("The unionid of the person: accounts with the same one are one person."),
        aliases=("union_id", "微信unionid"),
    ),
    Column("real_name", _("Real name; kept encrypted."), aliases=("姓名", "真实姓名")),
    Column("address", _("Address; kept encrypted."), aliases=("地址", "收货地址", "住址")),
    Column("birthday", _("Birthday; kept encrypted."), aliases=("生日", "出生日期", "birth_date")),
    Column("email", _("E-mail; kept encrypted."), aliases=("邮箱", "电子邮箱", "电子邮件", "e-mail")),
    Column(
        "marketing",
        _("Whether the person agreed to offers and advertising: yes or no."),
        aliases=("同意营销", "营销同意", "同意推广", "marketing_consent"),
    ),
    Column(
        "consented_at",
        _("When they said so; without it, when they joined."),
        aliases=("同意时间", "授权时间", "consent_date"),
    ),
)
_AGREED = dict.fromkeys(("yes", "y", "true", "1", "是", "同意", "已同意"), True)
_REFUSED = dict.fromkeys(("no", "n", "false", "0", "否", "不同意", "拒绝", "已撤回"), False)
_SAID = _AGREED | _REFUSED


def sniff(source: Source) -> float:
    """How much the header is one of a list of people."""
    return sniff_columns(source, COLUMNS, marks=("name", "phone", "joined_at", "real_name"))


def read(source: Source, context: Context) -> Iterator[Item]:
    """One `joined` and one profile a row; the same person joining the same group at the same time is one fact."""
    matched = mapped_columns(source, COLUMNS, context.columns)
    dimensions = tag_columns(matched.unknown, context.options.get("tags", ""))
    for row in mapped_rows(source, matched, needed=("external_id",)):
        if isinstance(row, Rejection):
            yield row
            continue
        number, cells, raw = row
        try:
            yield _member(cells, raw, dimensions, context)
        except RowError as error:
            yield error.at(number, matched.columns)


def _member(cells: dict[str, str], raw: Mapping[str, Any], dimensions: Sequence[str], context: Context) -> Row:
    who = person(cells, context)
    cells["joined_at"] = cells.get("joined_at") or context.options.get("joined_at", "")
    if not cells["joined_at"]:
        raise RowError("empty_cell", "joined_at")
    at = when(cells, "joined_at", context)
    key = ("joined", context.group_id or 0, who.platform, who.external_id, at.isoformat())
    joined = Fact("joined", at, key, who=who, group_id=context.group_id)
    union_id = cells.get("unionid", "").strip()
    profile = Profile(who, _private(cells), _tags(raw, dimensions), _consents(cells, at, context), union_id)
    return Row((joined,), profile)


def _consents(cells: dict[str, str], joined: datetime, context: Context) -> tuple[tuple[str, bool, datetime], ...]:
    said = cells.get("marketing", "").strip().casefold()
    if not said:
        return ()
    if said not in _SAID:
        raise RowError("bad_consent", "marketing", said)
    at = when(cells, "consented_at", context) if cells.get("consented_at") else joined
    return (("marketing", _SAID[said], at),)


def _private(cells: Mapping[str, str]) -> dict[str, str]:
    found = {name: cells[name] for name in PRIVATE_FIELDS if cells.get(name)}
    for name, value in found.items():
        try:
            tidy_private(name, value)
        except QunyingError:
            reason = f"bad_{name}" if f"bad_{name}" in REASONS else "bad_private"
            raise RowError(reason, name, value) from None
    return found


def _tags(raw: Mapping[str, Any], dimensions: Sequence[str]) -> tuple[tuple[str, str], ...]:
    tags = tuple((name, " ".join(cell_text(raw.get(name)).split())) for name in dimensions)
    if long := next((tag for tag in tags if len(tag[1]) > _LONGEST_TAG), None):
        raise RowError("bad_tag", long[0], long[1])
    return tuple(tag for tag in tags if tag[1])


register_importer(
    Importer(
        name="members",
        label=_("Members"),
        looks=_("a table with the columns platform, external_id, name, phone and joined_at"),
        columns=COLUMNS,
        options=(
            PLATFORM_OPTION,
            TIMEZONE_OPTION,
            Option("joined_at", _("When people joined whose row does not say.")),
            Option(
                "tags",
                _("Columns that become tag dimensions, with commas between, or “none”. Otherwise all unknown ones."),
            ),
        ),
        unknown_columns="tags",
        sniff=sniff,
        read=read,
    )
)
