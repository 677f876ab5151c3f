"""What the formats of chats share: names for messages without ids, the order within a moment, what one message says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.files._people import LONGEST_ID
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Option, Rejection, Row
from qunying.ground.members.services import Who
from qunying.kit.encodings import is_broken, shown
from qunying.kit.errors import QunyingError
from qunying.kit.limits import MOST_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

LONGEST_OBJECT = 80
LONGEST_NAME = 120
SHOWN = 120
_NEVER = datetime.min.replace(tzinfo=UTC)
_REMEMBERED = 20_000
TIMEZONE = Option("timezone", gettext_lazy("Time zone of the times in the file; otherwise the community's."))
DATE = Option("date", gettext_lazy("Day of the first message, where the file does not say it: 2024-05-01."))
ME = Option("me", gettext_lazy("Your own name in the chat: the file calls you only “I” or “you”."))
_FORMS = {
    "图片": "image",
    "动画表情": "sticker",
    "表情": "sticker",
    "语音": "voice",
    "视频": "video",
    "文件": "file",
    "红包": "red_packet",
    "QQ红包": "red_packet",
    "微信红包": "red_packet",
    "转账": "transfer",
    "链接": "link",
    "位置": "location",
    "名片": "card",
    "小程序": "mini_program",
    "聊天记录": "forwarded",
}
_PLACEHOLDER = re.compile(r"\[([^\[\]]{1,8})\]")
_MENTION = re.compile(r"@([^\s@\u2005]{1,60})(\u2005|\s|$)")
EVERYONE = {"全体成员", "所有人", "all", "everyone"}
_FILE_DAY = re.compile(r"(\d{4})[-_年.]?(\d{1,2})[-_月.]?(\d{1,2})")


def named(platform: str, name: str) -> Who:
    """The account of someone of whom only a name is known; never taken for an account with an id of its own."""
    return Who(platform, f"name:{name}"[:LONGEST_ID], name)


def form_of(text: str) -> str:
    """What kind of message stands behind a placeholder such as [图片]; empty for words."""
    if not text.startswith("["):
        return ""
    found = _PLACEHOLDER.fullmatch(text)
    return _FORMS.get(found[1], "") if found else ""


def first_day(source: Source, context: Context) -> date:
    """The day the option “date” or the file's name gives; raises QunyingError where neither does."""
    for text in (context.options.get("date", ""), source.name):
        found = _FILE_DAY.search(text)
        try:
            return date(*map(int, found.groups())) if found else _missing()
        except ValueError:
            continue
    raise QunyingError(
        _(
            "No line of “%(name)s” says which day it is. "
            "Name the file like 2024-05-01.txt, or set the option date=2024-05-01."
        )
        % {"name": source.name}
    )


def _missing() -> date:
    raise ValueError


@dataclass(slots=True)
class Ticks:
    """Instants for local times: messages of one moment keep their order as microseconds."""

    context: Context
    zone: ZoneInfo
    _local: datetime | None = None
    _instant: datetime = _NEVER
    _count: int = 0

    def at(self, local: datetime) -> datetime:
        """The instant of the next message; raises ValueError where it cannot be."""
        if local != self._local:
            try:
                self._instant = local.replace(tzinfo=local.tzinfo or self.zone).astimezone(UTC)
            except OverflowError:
                raise ValueError(str(local)) from None
            if not self.context.possible(self._instant):
                raise ValueError(str(local))
            self._local, self._count = local, 0
        else:
            self._count += 1
        return self._instant + timedelta(microseconds=self._count) if self._count else self._instant


@dataclass(slots=True)
class Said:
    """One message: whose, when, and what else it does. `key` names it; `id` is the source's own, if it has one."""

    at: datetime
    who: Who
    key: tuple[str | int, ...]
    group_id: int | None
    text: str = ""
    form: str = ""
    topic: str = ""
    id: str = ""
    answers: Who | None = None
    answered: str = ""
    mentions: list[Who] = field(default_factory=list)
    everyone: bool = False
    signs: list[tuple[Who, str, datetime]] = field(default_factory=list)


def facts_of(said: Said) -> Row:
    """`spoke`; `replied`, `mentioned`, `reacted` where the message answers, names people or was answered."""
    payload = {name: value for name, value in (("form", said.form), ("topic", said.topic)) if value}
    about = _message(said.id)
    where: dict[str, Any] = {"group_id": said.group_id}
    facts = [Fact("spoke", said.at, said.key, who=said.who, payload=payload, text=said.text, **where, **about)]
    if said.answers is not None or said.answered:
        to = _message(said.answered) or about
        facts.append(Fact("replied", said.at, ("reply", *said.key), who=said.who, target=said.answers, **where, **to))
    for person in {person.key: person for person in said.mentions}.values():
        key = ("mention", *said.key, person.external_id)
        facts.append(Fact("mentioned", said.at, key, who=said.who, target=person, **where, **about))
    if said.everyone:
        everyone = {"everyone": True}
        facts.append(
            Fact("mentioned", said.at, ("mention", *said.key), who=said.who, payload=everyone, **where, **about)
        )
    for person, sign, at in said.signs:
        key = ("sign", *said.key, person.external_id, sign)
        facts.append(
            Fact("reacted", at, key, who=person, target=said.who, payload={"sign": sign[:40]}, **where, **about)
        )
    return Row(tuple(facts))


def _message(number: str) -> dict[str, Any]:
    return {"object_type": "message", "object_id": number[:LONGEST_OBJECT]} if number else {}


def checked(number: int, who: Who, text: str) -> Rejection | None:
    """Why a message cannot be taken for its sender or its words, or None."""
    if not who.external_id:
        return Rejection(number, "no_sender")
    if len(who.external_id) > LONGEST_ID:
        return Rejection(number, "too_long", "sender", who.external_id[:SHOWN], {"most": LONGEST_ID})
    if len(text) > MOST_TEXT:
        return Rejection(number, "too_long", "text", shown(text[:SHOWN]), {"most": MOST_TEXT})
    if is_broken(f"{text}{who.name}{who.external_id}"):
        return Rejection(number, "broken_text", value=shown(text)[:SHOWN])
    return None


class Names:
    """Whose account a name is, as the heads of a whole file tell; read the first time anyone asks.

    A name that several accounts had stands for none of them.
    """

    def __init__(self, platform: str, heads: Callable[[], Iterable[tuple[str, str]]], *, me: str = "") -> None:
        self.platform, self.heads, self.me = platform, heads, me
        self._ids: dict[str, str] | None = None

    def known(self, name: str) -> Who | None:
        """The account of this name, where exactly one had it."""
        if self._ids is None:
            self._ids = {}
            for external_id, held in self.heads():
                if is_broken(external_id):
                    continue  # nobody's number: the messages under such a head are refused
                if self._ids.setdefault(held, external_id) != external_id:
                    self._ids[held] = ""
        found = self._ids.get(name, "")
        return Who(self.platform, found, name) if found else None

    def who(self, name: str) -> Who | None:
        """The account of this name, else one that has only the name; None for “you” where nobody said who that is."""
        name = name.strip().strip("\"“”「」'")[:LONGEST_NAME]
        if name in {"你", "您", "You", "you"}:
            name = self.me
        return (self.known(name) or named(self.platform, name)) if name else None

    def mentions(self, text: str) -> tuple[list[Who], bool]:
        """Whom the text calls by @, and whether it calls everyone."""
        if "@" not in text:
            return [], False
        people, everyone = [], False
        for found in _MENTION.finditer(text):
            if found[1] in EVERYONE:
                everyone = True
            # WeChat ends a mention with a space of its own; elsewhere an @ may be anything.
            elif who := self.who(found[1]) if found[2] == "\u2005" else self.known(found[1]):
                people.append(who)
        return people, everyone


class Authors:
    """Who wrote the latest messages, so that an answer finds whom it answers; older ones are forgotten."""

    def __init__(self) -> None:
        self._by_id: dict[str, Who] = {}

    def of(self, number: str) -> Who | None:
        """Who wrote the message of this id."""
        return self._by_id.get(number)

    def note(self, number: str, who: Who) -> None:
        """Keep who wrote a message."""
        self._by_id[number] = who
        if len(self._by_id) > _REMEMBERED:
            del self._by_id[next(iter(self._by_id))]


@dataclass(slots=True)
class Block:
    """A head and the lines below it, up to the next head; before the first head, `head` is None."""

    row: int
    head: Any
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, line: str) -> None:
        """One more line; beyond the bound it is only measured."""
        self.size += len(line) + 1
        if self.size <= MOST_TEXT + SHOWN:
            self.lines.append(line)

    @property
    def text(self) -> str:
        """The words, without empty lines around them."""
        text = "\n".join(self.lines).strip("\n")
        return text if self.size <= MOST_TEXT + SHOWN else text.ljust(MOST_TEXT + 1)


def blocks(lines: Iterable[str], head_of: Callable[[str], Any]) -> Iterator[Block]:
    """The messages of a log whose heads `head_of` recognises (None for every other line)."""
    block = Block(0, None)
    for number, line in enumerate(lines, 1):
        head = head_of(line)
        if head is None:
            block.add(line)
            continue
        if block.head is not None or block.lines:
            yield block
        block = Block(number, head)
    if block.head is not None or block.lines:
        yield block


class Keys:
    """Names for messages without ids: group, minute as written, kind, sender, words, how-manieth of such."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def of(self, group_id: int | None, local: datetime, *what: str) -> tuple[str | int, ...]:
        """The key of the next message (decision 0021)."""
        key: tuple[str | int, ...] = (group_id or 0, local.isoformat(timespec="minutes")[:16], *what)
        return (*key, self.context.repeats.seen(*key))


def text_of(value: Any) -> str:
    """A value of a JSON file as text: empty for what is neither text nor number."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def part(value: Any, *names: str) -> Mapping[str, Any]:
    """An object inside an object of a JSON file; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def parts(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list of a JSON file."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def one_or_nothing(facts: list[Fact]) -> Item:
    """What a row says, where it may say nothing."""
    return Row(tuple(facts)) if facts else NOTHING
