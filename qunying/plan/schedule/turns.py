"""Work that comes round again: on which days, until when, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.kit import formats
from qunying.kit.durations import Duration, parse_duration, parse_rhythm
from qunying.plan.playbooks.phases import phase_days
from qunying.plan.playbooks.sections import turn_key
from qunying.plan.schedule.days import move

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from qunying.plan.playbooks.sections import Item, Line, Occasion

MOST = 100
"""More times than this are no plan but a habit; nobody ticks them off one by one."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """One time: the day it is counted by, and the day it is due on once its rule has moved it."""

    turn: date
    due: date


Span = tuple["date", "date | None"]


def span_of(item: Item, phases: Sequence[Item], start: date) -> Span:
    """First and last local day within which work falls: those of its phase, else of the whole playbook.

    None for a last day that nobody can know: there are no phases, and the item does not say until when.
    """
    days = phase_days(phases, start)
    first, last = days.get(item.get("phase", ""), (start, max((end for _first, end in days.values()), default=None)))
    if "until" not in item:
        return first, last
    until = parse_duration(item["until"]).after(first) - _DAY
    return first, until if last is None else min(until, last)


def day_of(item: Item, first: date) -> date:
    """The day on which it is due for the first time, before any rule moves it."""
    return parse_duration(item["due"]).after(first) - _DAY


def turns_of(item: Item, span: Span) -> list[Turn]:
    """Every time of an item with a rhythm, at most one a day; only the first may fall behind the last day.

    The day it is counted by keeps its distance from the first; a rule that moves two to the same day leaves one.
    """
    first, last = day_of(item, span[0]), span[1]
    rhythm, rule = parse_rhythm(item["every"]), item.get("on", "")
    found = {move(first, rule): first}
    for number in range(1, MOST + 1):
        turn = Duration(number * rhythm.count, rhythm.unit).after(first)
        if last is None or turn > last:
            break
        due = move(turn, rule)
        if due <= last:
            found.setdefault(due, turn)
    return [Turn(turn, due) for due, turn in found.items()]


def too_many(item: Item, span: Span) -> bool:
    """Whether it would come round more often than anybody can tick off."""
    rhythm, first = parse_rhythm(item["every"]), day_of(item, span[0])
    return span[1] is not None and Duration(MOST * rhythm.count, rhythm.unit).after(first) <= span[1]


def spread(lines: list[Line], occasion: Occasion) -> list[Line]:
    """Every time of each line that comes round again; the others as they are."""
    found: list[Line] = []
    for line in lines:
        if "every" not in line.item:
            found.append(line)
            continue
        turns = turns_of(line.item, span_of(line.item, occasion.phases, occasion.start))
        found += [replace(line, key=turn_key(line.key, one.turn), day=one.due) for one in turns]
    return found


def rhythm_words(item: Mapping[str, str], turns: Sequence[Turn]) -> str:
    """How often, how many times and until when: every week, 12 times until 24 May 2026."""
    often = every_words(item["every"])
    given = {"often": often, "many": len(turns), "day": formats.day(turns[-1].due, weekday=False)}
    words = ngettext("%(often)s, once, by %(day)s", "%(often)s, %(many)s times until %(day)s", len(turns))
    return words % given


def every_words(rhythm: str | int) -> str:
    """A rhythm in the reader's language: every week, every 2 months."""
    found = parse_rhythm(rhythm)
    single = {"d": _("every day"), "w": _("every week"), "m": _("every month"), "y": _("every year")}
    if found.count == 1:
        return single[found.unit]
    return _("every %(length)s") % {"length": found.words}
