"""Facts of any kind: a table in which each row says what happened, when, and who did it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._people import (
    GROUP,
    PLATFORM,
    PLATFORM_OPTION,
    TIMEZONE_OPTION,
    RowError,
    minor,
    person,
    text,
    when,
)
from qunying.ground.events.facts import Fact
from qunying.ground.events.kinds import kind_named
from qunying.ground.imports.importers import Column, Importer, Rejection, register_importer
from qunying.ground.imports.tabular import mapped_columns, mapped_rows, sniff_columns
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.ground.events.kinds import Kind
    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

COLUMNS = (
    Column(
        "kind",
        _("What happened: spoke, joined, checked_in, liked…"),
        needed=True,
        aliases=("类型", "事件", "事件类型", "event", "行为"),
    ),
    Column(
        "time",
        _("When it happened."),
        needed=True,
        aliases=("时间", "发生时间", "occurred_at", "timestamp", "ts", "at"),
    ),
    Column(
        "who",
        _("The account id of whoever did it."),
        aliases=("成员", "用户", "用户id", "操作人", "发送者", "external_id", "user", "user_id"),
    ),
    PLATFORM,
    Column("id", _("The fact's own id, where the source has one."), aliases=("编号", "事件id", "event_id")),
    Column("name", _("The name shown of whoever did it."), aliases=("昵称", "nickname")),
    Column("target", _("The account id of whoever it was done to."), aliases=("对象成员", "目标成员", "被邀请人")),
    GROUP,
    Column("object_type", _("What kind of thing it was done to: activity, article…"), aliases=("对象类型",)),
    Column("object", _("The id of that thing."), aliases=("对象", "对象id", "object_id")),
    Column("channel", _("The source the person came from."), aliases=("渠道", "来源")),
    Column("amount", _("Money, in the community's currency."), aliases=("金额",)),
    Column("text", _("What was said."), aliases=("内容", "消息", "正文", "message", "content")),
    Column("payload", _("Further fields of the kind, as a JSON object."), aliases=("附加", "详情")),
)
_LIMITS = {"object_type": 24, "object": 80, "channel": 64}


def sniff(source: Source) -> float:
    """How much the header is one of facts."""
    return sniff_columns(source, COLUMNS, marks=("who", "text", "object", "target"))


def read(source: Source, context: Context) -> Iterator[Item]:
    """One fact a row, keyed by its id; without one, by all its cells and its order among equal rows."""
    matched = mapped_columns(source, COLUMNS, context.columns)
    for row in mapped_rows(source, matched, needed=("kind", "time")):
        if isinstance(row, Rejection):
            yield row
            continue
        number, cells, _raw = row
        try:
            yield _fact(cells, context)
        except RowError as error:
            yield error.at(number, matched.columns)


def _fact(cells: dict[str, str], context: Context) -> Fact:
    kind = _kind(cells)
    at = when(cells, "time", context)
    who = person(cells, context, column="who") if cells.get("who") else None
    target = person({**cells, "name": ""}, context, column="target") if cells.get("target") else None
    group_id = context.group(cells.get("group", ""), platform=who.platform if who else "")
    limited = {column: text(cells, column, most) for column, most in _LIMITS.items()}
    return Fact(
        kind.name,
        at,
        _key(cells, at.isoformat(), group_id or 0, context),
        who=who,
        target=target,
        group_id=group_id,
        object_type=limited["object_type"],
        object_id=limited["object"],
        channel_key=limited["channel"],
        amount=_amount(kind, cells, context),
        payload=_payload(kind, cells),
        text=cells.get("text", ""),
    )


def _key(cells: Mapping[str, str], at: str, group_id: int, context: Context) -> tuple[str | int, ...]:
    if cells.get("id"):
        return ("id", cells["id"])
    named = (column.name for column in COLUMNS if column.name not in {"id", "time", "name", "group"})
    key: tuple[str | int, ...] = (group_id, at, *(cells.get(name, "") for name in named))
    return (*key, context.repeats.seen(*key))


def _kind(cells: Mapping[str, str]) -> Kind:
    try:
        return kind_named(cells["kind"])
    except QunyingError:
        raise RowError("unknown_kind", "kind", cells["kind"]) from None


def _amount(kind: Kind, cells: Mapping[str, str], context: Context) -> int | None:
    if bool(cells.get("amount")) != kind.money:
        raise RowError("amount_needed" if kind.money else "amount_unwanted", "amount", cells.get("amount", ""))
    return minor(cells, "amount", context) if kind.money else None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _payload(kind: Kind, cells: Mapping[str, str]) -> dict[str, Any]:
    written = cells.get("payload", "")
    if not written:
        return {}
    try:
        payload = json.loads(written, parse_constant=_refuse)
    except (ValueError, RecursionError):
        payload = None
    fits = isinstance(payload, dict) and all(
        name in kind.payload and isinstance(value, kind.payload[name]) for name, value in payload.items()
    )
    if not fits:
        raise RowError("bad_payload", "payload", written)
    result: dict[str, Any] = payload
    return result


register_importer(
    Importer(
        name="events",
        label=_("Facts of any kind"),
        looks=_("a table with the columns kind, time and who"),
        columns=COLUMNS,
        options=(PLATFORM_OPTION, TIMEZONE_OPTION),
        sniff=sniff,
        read=read,
    )
)
