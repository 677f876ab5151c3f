"""WhatsApp as text: `01/05/2024, 10:20 - name: text` of Android, `[01/05/2024, 10:20:30] name: text` of iPhones."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import (
    LONGEST_NAME,
    LONGEST_OBJECT,
    ME,
    SHOWN,
    TIMEZONE,
    Keys,
    Said,
    Ticks,
    blocks,
    checked,
    facts_of,
    named,
    one_or_nothing,
)
from qunying.connectors.files._clocks import CLOCK, clock
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Importer, Option, Rejection, register_importer
from qunying.kit.encodings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.connectors.files._chat import Block
    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source
    from qunying.ground.members.services import Who

_MARKS = str.maketrans("", "", "\u200e\u200f\u202a\u202c\ufeff")
_HEAD = re.compile(
    rf"\[?(?P<a>\d{{1,4}})[/.\-年](?P<b>\d{{1,2}})[/.\-月](?P<c>\d{{1,4}})日?,?\s+{CLOCK}(?:\]|\s+[-–])\s(?P<rest>.*)",
    re.DOTALL,
)
_NAME = re.compile(r"([^:：]{1,120}?)[:：] ?(.*)", re.DOTALL)
_MENTION = re.compile(r"@\u2068~?([^\u2069]{1,120})\u2069")
_TITLE = re.compile(r"WhatsApp (?:Chat with|Chat -|聊天 -)\s*(.+?)(?:\.(?:txt|zip))*|与(.+?)的\s*WhatsApp\s*聊天.*")
_DELETED = re.compile(r"(?:This message was deleted|You deleted this message|此消息已删除|[您你]已删除此消息)\.?")
_LEFT_OUT = re.compile(
    r"<?(?:Media omitted|(image|video|audio|sticker|GIF|document) omitted|媒体(?:文件)?已?[省忽]略|忽略多媒体文件)>?"
)
_FORMS = {"image": "image", "video": "video", "audio": "voice", "sticker": "sticker", "GIF": "sticker"}
_TOLD = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("joined", r"(?P<who>.+?) (?:joined using|was added|joined from)\b.*"),
        ("joined", r"(?P<who>.+?)\s*(?:通过|使用).*(?:链接|连结).*加入.*"),
        ("added", r"(?P<by>.+?) added (?P<who>.+?)\.?"),
        ("added", r"(?P<by>.+?)\s*(?:已?添加了?|新增了?)\s*(?P<who>.+)"),
        ("removed", r"(?P<by>.+?) removed (?P<who>.+?)\.?"),
        ("removed", r"(?P<by>.+?)\s*(?:移除了|已将)\s*(?P<who>.+?)(?:移除)?"),
        ("left", r"(?P<who>.+?) left\.?"),
        ("left", r"(?P<who>.+?)\s*(?:已退出|退出了?群组|离开了)"),
        ("renamed_group", r"(?P<who>.+?) changed the (?:subject|group name) (?:from .* )?to [\"“](?P<name>.+)[\"”].*"),
        ("renamed_group", r"(?P<who>.+?)\s*将(?:群组名称|主题).*(?:更改|改)为[\"“「](?P<name>.+)[\"”」].*"),
        ("renamed", r"(?P<who>.+?) changed (?:their phone number )?to (?P<name>\+?[\d \-]{6,})\.?"),
    )
)
_LOOK_AT = 5000
_DAYS = 31
_MONTHS = 12


def sniff(source: Source) -> float:
    """Sure where most of the first lines begin with such a time."""
    if source.shape != "text":
        return 0.0
    lines = [line.translate(_MARKS) for line in source.first_lines if line.strip()]
    return 0.97 if lines and _HEAD.fullmatch(lines[0]) and any(_is_said(line) for line in lines) else 0.0


def _is_said(line: str) -> bool:
    found = _HEAD.fullmatch(line)
    return found is not None and _NAME.fullmatch(found["rest"]) is not None


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a message or a line of the client. Whether days or months come first is told by all the dates."""
    reader = _Reader(source, context)
    for block in blocks((line.translate(_MARKS) for line in source.lines()), _HEAD.fullmatch):
        yield reader.item(block)


class _Reader:
    def __init__(self, source: Source, context: Context) -> None:
        self.context, self.zone = context, context.zone()
        self.ticks, self.keys = Ticks(context, self.zone), Keys(context)
        parts = reversed(source.name.split("/"))  # out of an archive the folder may bear the title
        title = next((found for part in parts if (found := _TITLE.fullmatch(part))), None)
        self.group_id = context.group((title[1] or title[2]).strip() if title else "", platform="whatsapp")
        self.months_first = _months_first(source, context.options.get("order", ""))

    def item(self, block: Block) -> Item:
        """What one block says."""
        if block.head is None:
            first = next((line for line in block.lines if line.strip()), "")
            return Rejection(1, "not_a_line", value=shown(first)[:SHOWN]) if first else NOTHING
        try:
            local = self._local(block.head)
            at = self.ticks.at(local)
        except (ValueError, OverflowError):
            return Rejection(block.row, "absurd_time", value=shown(block.head[0])[:SHOWN])
        rest = block.head["rest"]
        said = _NAME.fullmatch(rest)
        if said is None or _told(rest):
            return self._notice(block.row, rest, at, local)
        block.lines.insert(0, said[2])
        block.size += len(said[2])
        return self._message(block, said[1].strip(), at, local)

    def _local(self, head: re.Match[str]) -> datetime:
        first, second, third = int(head["a"]), int(head["b"]), int(head["c"])
        if len(head["a"]) == 4:  # noqa: PLR2004 - a year
            year, month, day = first, second, third
        else:
            month, day = (first, second) if self.months_first else (second, first)
            year = third + 2000 if len(head["c"]) == 2 else third  # noqa: PLR2004 - a short year
        return datetime.combine(datetime(year, month, day), clock(head))  # noqa: DTZ001 - local until ticked

    def _message(self, block: Block, name: str, at: datetime, local: datetime) -> Item:
        text, who = block.text, named("whatsapp", name.lstrip("~").strip()[:LONGEST_NAME])
        if refused := checked(block.row, who, text):
            return refused
        if _DELETED.fullmatch(text.strip()):
            key = self.keys.of(self.group_id, local, "recalled", who.external_id)
            return Fact("recalled", at, key, who=who, group_id=self.group_id)
        mentions = [named("whatsapp", found[1]) for found in _MENTION.finditer(text)]
        left_out = _LEFT_OUT.fullmatch(text.strip())
        form = _FORMS.get(left_out[1] or "", "file") if left_out else ""
        key = self.keys.of(self.group_id, local, "spoke", who.external_id, text)
        return facts_of(Said(at, who, key, self.group_id, text, form, mentions=mentions))

    def _notice(self, row: int, text: str, at: datetime, local: datetime) -> Item:
        told = _told(text)
        if told is None:
            return NOTHING
        kind, by_name, names, new_name = told
        people = [who for name in names if (who := self._person(name))]
        by = self._person(by_name)
        facts = []
        for who in people:
            if checked(row, who, new_name):
                continue
            key = self.keys.of(self.group_id, local, kind, who.external_id, new_name)
            real = {"added": "joined", "removed": "left"}.get(kind, kind)
            payload = {"reason": kind} if real == "left" else {"name": new_name[:LONGEST_OBJECT]} if new_name else {}
            facts.append(Fact(real, at, key, who=who, target=by, group_id=self.group_id, payload=payload))
        return one_or_nothing(facts)

    def _person(self, name: str) -> Who | None:
        name = name.strip().lstrip("~").strip()[:LONGEST_NAME]
        if name in {"You", "you", "你", "您"}:
            name = self.context.options.get("me", "")
        return named("whatsapp", name) if name else None


def _told(text: str) -> tuple[str, str, list[str], str] | None:
    """What a line of the client says: kind, by whom, of whom, new name; None for anything else."""
    if len(text) > LONGEST_NAME * 4 or _NAME.fullmatch(text):
        return None
    for kind, pattern in _TOLD:
        if found := pattern.fullmatch(text.strip()):
            groups = found.groupdict()
            names = re.split(r", | and |、|和", groups.get("who") or groups.get("zh") or "")
            return (
                kind,
                groups.get("by") or groups.get("zby") or "",
                names,
                groups.get("name") or groups.get("zname") or "",
            )
    return None


def _months_first(source: Source, order: str) -> bool:
    """Whether 5/1 is the first of May. Where no date tells, a short year with AM or PM is American."""
    if order in {"mdy", "dmy"}:
        return order == "mdy"
    american = False
    heads = (found for line in source.lines() if (found := _HEAD.match(line.translate(_MARKS))))
    for found in islice(heads, _LOOK_AT):
        first, second = int(found["a"]), int(found["b"])
        if _MONTHS < first <= _DAYS:
            return False
        if _MONTHS < second <= _DAYS:
            return True
        american = len(found["c"]) == 2 and bool(found["late"])  # noqa: PLR2004 - a short year
    return american


register_importer(
    Importer(
        name="whatsapp",
        label=_("WhatsApp export"),
        looks=_("lines such as “01/05/2024, 10:20 - name: text” or “[01/05/2024, 10:20:30] name: text”"),
        platform="whatsapp",
        options=(TIMEZONE, ME, Option("order", _("dmy or mdy, where the dates alone do not tell."))),
        one_chat=True,
        sniff=sniff,
        read=read,
        where=_("WhatsApp: open the group, “Export chat”, without media; bring the text file or the ZIP."),
    )
)
