"""WeChat as text: copied from the client, collected and mailed to oneself, or saved by a backup tool as TXT.

Heads are `name 2024/5/1 10:20`, `name  10:20` below a line with the day, `2024-05-01 10:20:30 name`, or only
`name:` where no time is known (then the option “date” gives the day). Lines such as `"A"邀请"B"加入了群聊` stand
by themselves.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import DATE, LONGEST_NAME, ME, SHOWN, TIMEZONE, blocks, first_day
from qunying.connectors.files._clocks import Days
from qunying.connectors.files._heads import Head, Log, head_of, heads_in
from qunying.connectors.files._notices import Notice, notice_in
from qunying.ground.imports.importers import Importer, Rejection, register_importer
from qunying.kit.encodings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.connectors.files._chat import Block
    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_DAY = re.compile(r"[\s—–\-=*]*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s*(?:星期|周).)?[\s—–\-=*]*")
_ONLY_NAME = re.compile(r"(?P<name>[^\s:：][^:：]{0,30})[:：]\s*")
_NOTICE = ('"', "“", "你", "「")
_ENOUGH = 2


def sniff(source: Source) -> float:
    """How much the first lines are heads without accounts; surest where they show no seconds, as WeChat does."""
    if source.shape != "text":
        return 0.0
    lines = [line.lstrip("\ufeff") for line in source.first_lines if line.strip()]
    heads = heads_in(source)
    if not lines or any(head.account for head in heads):
        return 0.0
    starts = head_of(lines[0]) or _DAY.fullmatch(lines[0]) or notice_in(lines[0])
    if starts and heads:
        return 0.5 if any(head.found["second"] for head in heads) else 0.8
    names = sum(1 for line in lines if _ONLY_NAME.fullmatch(line))
    return 0.7 if names >= _ENOUGH and _ONLY_NAME.fullmatch(lines[0]) else 0.0


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a message or a line of the client. Accounts are not in such text: people go by their names."""
    log = _WeChat(source, context)
    for block in blocks(source.lines(), log.beginning):
        yield from log.items(block)


class _WeChat(Log):
    def __init__(self, source: Source, context: Context) -> None:
        if heads_in(source) and any(_DAY.fullmatch(line) for line in source.first_lines):
            first = next(found for line in source.first_lines if (found := _DAY.fullmatch(line)))
            context.options = {"date": "-".join(first.groups()), **context.options}
        super().__init__(source, context, platform="wechat")
        self.timeless = not heads_in(source)
        self.last: datetime | None = None
        if self.timeless:
            self.last = datetime.combine(first_day(source, context), datetime.min.time())

    def beginning(self, line: str) -> Head | Notice | date | str | None:
        """A head, a line of the client, a line with the day, or only a name."""
        line = line.lstrip("\ufeff")
        if line.startswith(_NOTICE) and (notice := notice_in(line)):
            return notice
        if day := _DAY.fullmatch(line):
            return _day(day) or line
        if self.timeless:
            found = _ONLY_NAME.fullmatch(line)
            return found["name"][:LONGEST_NAME] if found else None
        return self.head_of(line)

    def items(self, block: Block) -> Iterator[Item]:
        """What one block says."""
        head = block.head
        if isinstance(head, Head):
            yield self._timed(block, head)
        elif isinstance(head, date):
            self.days = Days(head)
        elif isinstance(head, str) and self.last is not None:
            yield self.said(block, self.last, head)
        elif isinstance(head, Notice) and self.last is not None:
            yield self._told(head, self.last)
        elif head is not None or any(line.strip() for line in block.lines):
            stray = next((line for line in block.lines if line.strip()), "")
            yield Rejection(block.row or 1, "no_time" if head is not None else "not_a_line", value=shown(stray)[:SHOWN])

    def _told(self, notice: Notice, local: datetime) -> Item:
        return self.told(notice, self.ticks.at(local), local)

    def _timed(self, block: Block, head: Head) -> Item:
        try:
            self.last = head.local(self.days)
        except (ValueError, OverflowError):
            self.last = None
            return Rejection(block.row, "absurd_time", value=shown(head.found[0])[:SHOWN])
        item = self.said(block, self.last, head.name)
        if isinstance(item, Rejection):
            self.last = None
        return item


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


register_importer(
    Importer(
        name="wechat_text",
        label=_("WeChat chat as text"),
        looks=_("“name 2024/5/1 10:20” or “name:” with the message below, as copied from the client"),
        platform="wechat",
        options=(TIMEZONE, DATE, ME),
        one_chat=True,
        sniff=sniff,
        read=read,
        where=_(
            "WeChat on a computer: choose messages, copy, paste into a text "
            "file. Or collect them, and mail the collection to yourself."
        ),
    )
)
