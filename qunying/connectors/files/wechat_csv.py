"""WeChat as CSV, as backup tools write it: MemoTrace (留痕, WeChatMsg), chatlog and their kin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import LONGEST_NAME, ME, SHOWN, TIMEZONE, Keys, Names, named
from qunying.connectors.files._json_chat import instant
from qunying.connectors.files._wechat import SYSTEM_TYPES, form_named, item_of
from qunying.ground.imports.importers import Column, Importer, Rejection, register_importer
from qunying.ground.imports.tabular import Matched, mapped_columns, mapped_rows, sniff_columns
from qunying.ground.members.services import Who
from qunying.kit.encodings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

COLUMNS = (
    Column(
        "time",
        _("When it was said: seconds since 1970, or a time."),
        needed=True,
        aliases=("CreateTime", "StrTime", "时间", "发送时间", "time(Asia/Shanghai)"),
    ),
    Column("text", _("What was said."), needed=True, aliases=("StrContent", "Content", "内容", "消息内容", "content")),
    Column("sender", _("The sender's account (wxid)."), aliases=("Sender", "from_id", "wxid", "发送者ID")),
    Column(
        "name",
        _("The sender's name."),
        aliases=("NickName", "SenderName", "from_nickname", "发送人", "发送者", "昵称"),
    ),
    Column("remark", _("The name you gave the sender."), aliases=("Remark", "备注")),
    Column("type", _("The type of the message, as a number or a word."), aliases=("Type", "类型", "content_type")),
    Column("mine", _("1 where you sent it."), aliases=("IsSender",)),
    Column("group", _("The group's name."), aliases=("TalkerName", "group_name", "群名", "聊天对象")),
    Column("talker", _("The group's account."), aliases=("Talker", "group_id", "TalkerId")),
)
_WRITTEN = (
    {"strcontent", "createtime"},
    {"sendername", "talker", "content"},
    {"from_id", "from_nickname"},
    {"消息ID", "发送人", "内容"},
)
_RAW = re.compile(r"(?P<sender>[A-Za-z][\w-]{5,39}|\d{5,12}@openim):\r?\n(?P<text>.*)", re.DOTALL)


def sniff(source: Source) -> float:
    """Sure by the headers the known tools write."""
    if not sniff_columns(source, COLUMNS, marks=("sender", "name", "mine", "type")):
        return 0.0
    header = {name.casefold() for name in source.header}
    return 0.98 if any({name.casefold() for name in written} <= header for written in _WRITTEN) else 0.0


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a row. Rows of MemoTrace may carry one cell more than the header: the server's number."""
    reader = _Reader(source, context)
    for row in mapped_rows(source, reader.matched, needed=("time",), spare=1):
        yield row if isinstance(row, Rejection) else reader.item(row[0], row[1])


class _Reader:
    def __init__(self, source: Source, context: Context) -> None:
        self.source, self.context = source, context
        self.matched: Matched = mapped_columns(source, COLUMNS, context.columns)
        self.zone, self.keys = context.zone(), Keys(context)
        self.me = context.options.get("me", "")
        self.names = Names("wechat", self._heads, me=self.me)

    def _heads(self) -> Iterator[tuple[str, str]]:
        for row in mapped_rows(self.source, self.matched, needed=("sender",), spare=1):
            if not isinstance(row, Rejection):
                yield row[1]["sender"], row[1].get("name") or row[1].get("remark", "")

    def item(self, number: int, cells: Mapping[str, str]) -> Item:
        try:
            at = instant(cells["time"], self.zone, self.context)
        except ValueError:
            return Rejection(number, "absurd_time", self.matched.columns["time"], shown(cells["time"])[:SHOWN])
        group_id = self.context.group(cells.get("group", ""), platform="wechat")
        kind, text = cells.get("type", ""), cells.get("text", "")
        who, text = self._who(cells, text)
        return item_of(
            number,
            at,
            who,
            text,
            group_id=group_id,
            zone=self.zone,
            keys=self.keys,
            names=self.names,
            system=kind in SYSTEM_TYPES,
            form=form_named(kind),
        )

    def _who(self, cells: Mapping[str, str], text: str) -> tuple[Who | None, str]:
        """The sender: a column, the beginning of the words as WeChat itself keeps them, or oneself."""
        name = (cells.get("name") or cells.get("remark", ""))[:LONGEST_NAME]
        if cells.get("sender"):
            return Who("wechat", cells["sender"], name), text
        if raw := _RAW.fullmatch(text):
            return Who("wechat", raw["sender"]), raw["text"]
        if name:
            return named("wechat", name), text
        return (named("wechat", self.me) if cells.get("mine") == "1" and self.me else None), text


register_importer(
    Importer(
        name="wechat_csv",
        label=_("WeChat chat as CSV (MemoTrace and others)"),
        looks=_("a table with CreateTime and StrContent, or the headers of chatlog"),
        columns=COLUMNS,
        platform="wechat",
        options=(TIMEZONE, ME),
        one_chat=True,
        sniff=sniff,
        read=read,
        where=_(
            "MemoTrace (留痕) or another backup tool on the computer on "
            "which WeChat is signed in: export the group as CSV."
        ),
    )
)
