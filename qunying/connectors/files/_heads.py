"""Logs in which a message is a head and the lines below it: QQ and WeChat as text, saved or copied."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from qunying.connectors.files._chat import (
    LONGEST_NAME,
    SHOWN,
    Keys,
    Names,
    Said,
    Ticks,
    checked,
    facts_of,
    first_day,
    form_of,
    named,
    one_or_nothing,
)
from qunying.connectors.files._clocks import CLOCK, Days, Halves, clock, is_twelve_hour
from qunying.connectors.files._notices import facts_from, notice_in
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Rejection
from qunying.ground.members.services import Who
from qunying.kit.encodings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.connectors.files._chat import Block
    from qunying.connectors.files._notices import Notice
    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_DAY = r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
_ACCOUNT = r"(?:\((?P<number>\d{5,12}|[^\s()]+@[^\s()]+)\)|<(?P<mail>[^\s<>]+@[^\s<>]+|\d{5,12})>)"
_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?\s+{CLOCK}[ \t]+(?P<who>\S.*)"
)
_WHO = re.compile(rf"(?:【[^】]*】(?=.))?(?P<name>.*?){_ACCOUNT}?\s*")
_LAST = re.compile(rf"(?:【[^】]*】)?(?P<name>\S.*?){_ACCOUNT}?[:：]?\s+(?:{_DAY}\s+)?{CLOCK}\s*")
_LONGEST = 2 * LONGEST_NAME
SYSTEM_NAMES = {"系统消息", "系统提示"}
_SYSTEM = {"10000", "1000000", "80000000"}


class Head(NamedTuple):
    """One message's first line: who, and when as written. What is not written of the day is 0."""

    name: str
    account: str
    year: int
    month: int
    day: int
    found: re.Match[str]
    first: bool
    """Whether the time comes first."""

    def local(self, days: Days | None) -> datetime:
        """The local time; raises ValueError where it is none."""
        if self.year:
            return datetime.combine(date(self.year, self.month, self.day), clock(self.found))
        if days is None:
            raise ValueError
        if self.month:
            return datetime.combine(days.of(self.month, self.day), clock(self.found))
        return days.at(clock(self.found))

    @property
    def shape(self) -> tuple[bool, bool, bool, bool]:
        """What is written of the time, and where: heads of one log are all alike."""
        return self.first, bool(self.year), bool(self.month), bool(self.found["second"])


def head_of(line: str) -> Head | None:
    """The head in a line, if it is one."""
    if line[:1].isdigit() and (found := _FIRST.fullmatch(line)):
        who = _WHO.fullmatch(found["who"])
        if who is not None:
            account = who["number"] or who["mail"] or ""
            day = (int(found["year"]), int(found["month"]), int(found["day"]))
            return Head((who["name"].strip() or account)[:LONGEST_NAME], account, *day, found, first=True)
    if ":" not in line[-14:] or len(line) > _LONGEST:
        return None
    found = _LAST.fullmatch(line)
    if found is None:
        return None
    day = (int(found["year"] or 0), int(found["month"] or 0), int(found["day"] or 0))
    return Head(found["name"].strip()[:LONGEST_NAME], found["number"] or found["mail"] or "", *day, found, first=False)


def heads_in(source: Source) -> list[Head]:
    """The heads among the first lines."""
    return [head for line in source.first_lines if (head := head_of(line))]


class Log:
    """The state of one reading: the form of the heads, the group, the clock."""

    def __init__(self, source: Source, context: Context, *, platform: str) -> None:
        self.source, self.context, self.platform = source, context, platform
        self.ticks, self.keys = Ticks(context, context.zone()), Keys(context)
        self.group_id = context.group(self.named_group(), platform=platform)
        heads = heads_in(source)
        # A line of a message may look like a head: where heads name accounts, only such are heads.
        self.shape = heads[0].shape if heads else None
        self.first = bool(heads) and heads[0].first
        self.accounts = self.first and any(head.account for head in heads)
        self.days = None if heads and heads[0].year else Days(first_day(source, context))
        self.names = Names(platform, self._names, me=context.options.get("me", ""))
        self.halves = Halves() if self._is_twelve_hour(heads) else None

    def named_group(self) -> str:
        """The group as the file itself names it before anything is said; '' where it does not."""
        return ""

    def head_of(self, line: str) -> Head | None:
        """The head of a message of this log."""
        if self.first and not line[:1].isdigit():
            return None
        head = head_of(line)
        if head is None or (self.accounts and not head.account):
            return None
        return head if head.shape == self.shape or (head.first and self.accounts) else None

    def _heads(self) -> Iterator[Head]:
        return (head for line in self.source.lines() if (head := self.head_of(line)))

    def _names(self) -> Iterator[tuple[str, str]]:
        return ((head.account, head.name) for head in self._heads() if head.account)

    def _is_twelve_hour(self, heads: list[Head]) -> bool:
        if not heads or any(head.found["half"] or head.found["late"] or not head.year for head in heads):
            return False
        return is_twelve_hour(local for head in self._heads() if (local := _local(head)))

    def message(self, block: Block, head: Head) -> Item:
        """What a head and the lines below it say."""
        try:
            local = head.local(self.days)
            local = self.halves.put_right(local) if self.halves else local
        except (ValueError, OverflowError):
            return Rejection(block.row, "absurd_time", value=shown(head.found[0])[:SHOWN])
        return self.said(block, local, head.name, head.account)

    def said(self, block: Block, local: datetime, name: str, account: str = "") -> Item:
        """What someone said at a local time."""
        try:
            at = self.ticks.at(local)
        except ValueError:
            return Rejection(block.row, "absurd_time", value=str(local))
        text, who = block.text, Who(self.platform, account, name) if account else named(self.platform, name)
        if refused := checked(block.row, who, text):
            return refused
        if account in _SYSTEM or name in SYSTEM_NAMES:
            return self.told(notice_in(text), at, local)
        if text.endswith("撤回了一条消息") and len(text) <= _LONGEST:
            return self.told(notice_in(f"{name}撤回了一条消息"), at, local)
        key, form = self.keys.of(self.group_id, local, "spoke", who.external_id, text), form_of(text)
        if "@" not in text:  # nearly all of a log, and a large one is waited for
            payload = {"form": form} if form else {}
            return Fact("spoke", at, key, who=who, group_id=self.group_id, payload=payload, text=text)
        mentions, everyone = self.names.mentions(text)
        return facts_of(Said(at, who, key, self.group_id, text, form, mentions=mentions, everyone=everyone))

    def told(self, notice: Notice | None, at: datetime, local: datetime) -> Item:
        """What a line of the client says."""
        if notice is None:
            return NOTHING
        return one_or_nothing(
            list(facts_from(notice, at, local, names=self.names, keys=self.keys, group_id=self.group_id))
        )


def _local(head: Head) -> datetime | None:
    try:
        return head.local(None)
    except ValueError:
        return None
