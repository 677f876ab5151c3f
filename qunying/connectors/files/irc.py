"""IRC logs: `[hh:mm] <nick> text` of the date in the file's name, and `channel yyyy-mm-dd [hh:mm:ss] <nick> text`.

Ids do not exist, so a line's key is (group, day, clock, sender, text, ordinal among identical lines of
that minute). Where an export begins in the middle of a minute and an earlier one holds the same words by
the same sender in that minute, before the cut, both are taken for one: overlaps never double, exports
that only touch may lose such a repetition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import NOTHING, Importer, Option, Rejection, register_importer
from qunying.ground.members.services import Who
from qunying.kit.encodings import is_broken, shown
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_LINE = re.compile(
    r"(?:(?P<channel>\S+) (?P<day>\d{4}-\d\d-\d\d) )?\[(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?\] {1,2}"
    r"(?:<[ @+%&~]?(?P<nick>[^>\s]+) ?>|-(?P<notice>[^\s-]\S*)-|\* ?(?P<actor>\S+))(?: (?P<text>.*))?"
)
_JOINED = re.compile(r"=== (\S+) (?:\[[^\]]*\] {1,2})?has joined(?: .*)?")
_LEFT = re.compile(r"=== (\S+) (?:\[[^\]]*\] {1,2})?has (left|quit)(?: .*)?")
_RENAMED = re.compile(r"=== (\S+) is now known as (\S+)")
_ACTION = re.compile(r"=== (?!mode/)(\S+) (.+)")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")
_HALF_DAY = timedelta(hours=12)
_HOUR = timedelta(hours=1)
_LONGEST = 190
_SHOWN = 120


@dataclass(slots=True)
class _Clock:
    """Turns hh:mm into instants: the day rolls over when the clock goes back by more than an hour.

    In a 12-hour log (12:59 is followed by 01:00, and no hour is 00 or above 12) half-days roll over
    instead; the first is taken for the morning, for nothing in the file says which it is.
    """

    day: date
    zone: ZoneInfo
    twelve: bool
    local: datetime = field(init=False)
    instant: datetime = field(init=False)
    today: str = field(init=False)
    shown: str = ""
    halves: int = 0
    line: int = 0

    def __post_init__(self) -> None:
        self._set(datetime.combine(self.day, datetime.min.time()))

    def _set(self, local: datetime) -> None:
        self.local, self.line = local, 0
        self.instant = local.replace(tzinfo=self.zone).astimezone(UTC)
        self.today = local.date().isoformat()

    def move(self, hour: int, minute: int) -> None:
        """Go to the time of the next line, which gives only its clock."""
        base = datetime.combine(self.day, datetime.min.time()) + self.halves * _HALF_DAY
        at = base + timedelta(hours=hour % 12 if self.twelve else hour, minutes=minute)
        # Less than an hour back is a clock set right, or the end of summer time.
        if self.local - at > _HOUR:
            span = 1 if self.twelve else 2
            self.halves += span
            at += span * _HALF_DAY
        self.jump(at, f"{hour:02}:{minute:02}")

    def jump(self, at: datetime, shown: str) -> None:
        """Go to this local time, which the log shows as `shown`."""
        if at != self.local:
            self._set(at)
        self.shown = shown

    def tick(self) -> datetime:
        """The instant of the next line of this minute: lines keep their order as microseconds."""
        at = self.instant + timedelta(microseconds=self.line)
        self.line += 1
        return at


def sniff(source: Source) -> float:
    """The share of the first lines that are lines of such a log."""
    if source.shape in {"xlsx", "xml", "jsonl"}:
        return 0.0
    lines = [line for line in source.first_lines if line.strip()]
    good = sum(1 for line in lines if _LINE.match(line) or line.startswith("=== "))
    timed = any(_LINE.match(line) for line in lines)
    return good / len(lines) if timed and good * 2 > len(lines) else 0.0


def read(source: Source, context: Context) -> Iterator[Item]:
    """`spoke`, `joined`, `left` and `renamed`, one a line; `===` lines happen in the minute of the line before."""
    reader = _Reader(source, context)
    for number, line in enumerate(source.lines(), 1):
        if line:
            yield reader.item(number, line)


class _Reader:
    def __init__(self, source: Source, context: Context) -> None:
        self.context = context
        self.source = source
        self.zone = context.zone("UTC")
        self.group_id = context.group("", platform="irc")
        self.clock: _Clock | None = None

    def item(self, number: int, line: str) -> Item:
        if is_broken(line):
            return Rejection(number, "broken_text", value=shown(line)[:_SHOWN])
        if line.startswith("=== "):
            return self._status(number, line)
        parts = _LINE.fullmatch(line)
        if parts is None:
            return Rejection(number, "not_a_line", value=line[:_SHOWN])
        try:
            clock = self._at(parts)
        except (ValueError, OverflowError):
            return Rejection(number, "bad_time", value=line[:_SHOWN])
        if not self.context.possible(clock.instant):
            return Rejection(number, "absurd_time", value=line[:_SHOWN])
        form = "notice" if parts["notice"] else "action" if parts["actor"] else ""
        return self._said(number, clock, parts["nick"] or parts["notice"] or parts["actor"], parts["text"] or "", form)

    def _at(self, parts: re.Match[str]) -> _Clock:
        hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0)
        time(hour, minute, second)  # raises ValueError for 25:61
        if parts["day"]:
            day = date.fromisoformat(parts["day"])
            clock = self.clock = self.clock or _Clock(day, self.zone, twelve=False)
            self.group_id = self.context.group(parts["channel"].lstrip("#"), platform="irc")
            at = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 - local until ticked
            clock.jump(at, f"{hour:02}:{minute:02}:{second:02}")
            return clock
        clock = self.clock = self.clock or _Clock(self._first_day(), self.zone, twelve=_is_twelve_hour(self.source))
        clock.move(hour, minute)
        return clock

    def _first_day(self) -> date:
        named = _DATE.search(self.context.options.get("date", "") or self.source.name)
        try:
            return date.fromisoformat(named[1] if named else "")
        except ValueError:
            raise QunyingError(
                _(
                    "No line of “%(name)s” says which day it is. "
                    "Name the file like 2024-05-01.txt, or set the option date=2024-05-01."
                )
                % {"name": self.source.name}
            ) from None

    def _said(self, number: int, clock: _Clock, nick: str, text: str, form: str) -> Item:
        return self._fact(number, clock, "spoke", nick, {"form": form} if form else {}, (form, text), text)

    def _status(self, number: int, line: str) -> Item:
        clock = self.clock
        if clock is None:
            return Rejection(number, "no_time", value=line[:_SHOWN])
        if found := _JOINED.fullmatch(line):
            return self._fact(number, clock, "joined", found[1], {}, ())
        if found := _LEFT.fullmatch(line):
            return self._fact(number, clock, "left", found[1], {"reason": found[2]}, ())
        if found := _RENAMED.fullmatch(line):
            return self._fact(number, clock, "renamed", found[1], {"name": found[2]}, (found[2],))
        if found := _ACTION.fullmatch(line):
            return self._said(number, clock, found[1], found[2], "action")
        return NOTHING

    def _fact(  # noqa: PLR0913, PLR0917 - the parts of one line
        self,
        number: int,
        clock: _Clock,
        kind: str,
        nick: str,
        payload: dict[str, str],
        more: tuple[str, ...],
        text: str = "",
    ) -> Item:
        if len(nick) > _LONGEST:
            return Rejection(number, "too_long", "nick", nick[:_SHOWN], {"most": _LONGEST})
        what: tuple[str | int, ...] = (self.group_id or 0, clock.today, clock.shown, kind, nick, *more)
        key = (*what, self.context.repeats.seen(*what))
        who = Who("irc", nick, nick)
        return Fact(kind, clock.tick(), key, who=who, group_id=self.group_id, payload=payload, text=text)


def _is_twelve_hour(source: Source) -> bool:
    """Whether the clock of a log goes from 12 to 1 and never shows 00 or 13 and above. Reads the file once."""
    before, found = -1, False
    for line in source.lines():
        if line[:1] != "[" or not line[1:3].isdigit():
            continue
        hour = int(line[1:3])
        if not 1 <= hour <= 12:  # noqa: PLR2004 - hours of a 12-hour clock
            return False
        found = found or (before == 12 and hour == 1)  # noqa: PLR2004 - noon or midnight
        before = hour
    return found


register_importer(
    Importer(
        name="irc",
        label=gettext_lazy("IRC log"),
        looks=gettext_lazy("lines such as “[10:30] <nick> text” or “channel 2024-05-01 [10:30:00] <nick> text”"),
        platform="irc",
        options=(
            Option("timezone", gettext_lazy("Time zone of the times in the file."), "UTC"),
            Option("date", gettext_lazy("Day of the first line, where the file's name does not give it.")),
        ),
        one_chat=True,
        sniff=sniff,
        read=read,
    )
)
