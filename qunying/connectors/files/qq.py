"""QQ as text: the message manager of the PC, exports of the phone, and text copied from a chat.

A message is a head and the lines below it. The head is `2024-01-02 3:04:05 【title】name(10001)` or
`…name<me@example.com>`, in 24 hours or 12, or, copied, `name(10001) 2024/1/2 3:04:05`, `name: 01-02 03:04:05`.
System lines (`系统消息(10000)`) tell of joining, leaving and messages taken back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import DATE, ME, SHOWN, TIMEZONE, blocks
from qunying.connectors.files._heads import Head, Log, head_of, heads_in
from qunying.ground.imports.importers import Importer, Rejection, register_importer
from qunying.kit.encodings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.connectors.files._chat import Block
    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_ABOUT = re.compile(r"消息(对象|分组)[:：](.*)")
_TITLE = "消息记录（此消息记录为文本格式"
_TITLE_LINES = 12
_RULE = re.compile(r"[=\s\ufeff]*")


def sniff(source: Source) -> float:
    """Sure by the title of an export or by heads with accounts; half sure by copied heads that show seconds."""
    if source.shape != "text":
        return 0.0
    if any(_TITLE in line for line in source.first_lines[:5]):
        return 1.0
    heads = heads_in(source)
    if any(head.account for head in heads):
        return 0.95
    start = next((line for line in source.first_lines if line.strip()), "")
    if not heads or head_of(start) is None:
        return 0.0
    # Time first and no accounts: one friend's chat in QQ, or a backup of WeChat.
    return 0.4 if heads[0].first else 0.7 if heads[0].found["second"] else 0.3


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a message: `spoke` with its mentions, or what a system line tells. The group is 消息对象."""
    log = _QQ(source, context, platform="qq")
    for block in blocks(source.lines(), log.beginning):
        yield from log.items(block)


class _QQ(Log):
    def named_group(self) -> str:
        """The group as the title of an export names it."""
        found = (_ABOUT.fullmatch(line.lstrip("\ufeff").strip()) for line in self.source.first_lines[:_TITLE_LINES])
        return next((about[2].strip() for about in found if about and about[1] == "对象"), "")

    def beginning(self, line: str) -> Head | tuple[str, str] | None:
        """The head of a message, or what the file says of the chat as a whole."""
        if line.startswith("消息") and (about := _ABOUT.fullmatch(line)):
            return about[1], about[2].strip()
        return self.head_of(line)

    def items(self, block: Block) -> Iterator[Item]:
        """What one block says: nothing for the lines about the chat, one item for a message."""
        if isinstance(block.head, Head):
            yield self.message(block, block.head)
            return
        if block.head is not None and block.head[0] == "对象":
            self.group_id = self.context.group(block.head[1], platform="qq")
        stray = next((line for line in block.lines if not _RULE.fullmatch(line) and _TITLE not in line), None)
        if stray is not None:
            yield Rejection(block.row + 1, "not_a_line", value=shown(stray)[:SHOWN])


register_importer(
    Importer(
        name="qq",
        label=_("QQ chat as text"),
        looks=_("heads such as “2024-01-02 3:04:05 name(10001)” with the message below, or text copied from a chat"),
        platform="qq",
        options=(TIMEZONE, DATE, ME),
        one_chat=True,
        sniff=sniff,
        read=read,
        where=_(
            "QQ on a computer: message manager, right-click the group, “Export "
            "messages”, type text. Or copy from the chat into a text file."
        ),
    )
)
