"""What a journey says, as plain values: what sets it off, who goes on it, its steps, how it ends.

The plain form is JSON (or YAML); `read_definition` checks every value and says in which step something is wrong.

    trigger: {on: joined, groups: [3], channels: [spring]}         # both may be left out
             {on: event, kind: ordered, groups: []}
             {on: segment_entered, segment: 4}
             {on: date, dimension: 生日, at: "09:00"}               # a tag that is a day: 05-23 or 1990-05-23
             {on: date, days: ["02-14", "2027-02-06"], at: "09:00"}
             {on: manual}
    again: 90            # days after which the same member may begin once more; 0: never
    only_if, goal: a condition (see `conditions`); exits: [conditions]
    steps:
      - {id: hello, do: welcome, words: "欢迎{name}", if_held: go_on}
      - {id: day1, do: wait, days: 1, hours: 0, at: "10:00", on: workday}
      - {id: tip, do: say, to: person, words: "…", advert: false, if_held: go_on}
      - {id: spoke, do: until, days: 3, if: {...}, then: [...], else: [...]}
      - {id: buyer, do: branch, if: {...}, then: [...], else: [...]}
      - {id: mark, do: tag, dimension: 阶段, name: 新人, remove: false}
      - {id: call, do: task, title: "…", note: "…", days: 1, role: specialist}
      - {id: more, do: again, to: tip, most: 3}
      - {id: stop, do: end}

`if_held` says what happens where a guard or the platform keeps the words from leaving: `go_on` with the next step at
once (no outcome is waited for), `wait` until they have left (a person may send them), or `end` the journey there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.segments.conditions import Group

JOINED, EVENT, SEGMENT_ENTERED, DATE, MANUAL = "joined", "event", "segment_entered", "date", "manual"
TRIGGERS = (JOINED, EVENT, SEGMENT_ENTERED, DATE, MANUAL)
PERSON, GROUP = "person", "group"
GO_ON, WAIT, END = "go_on", "wait", "end"
IF_HELD = (GO_ON, WAIT, END)
MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What sets a journey off. `at` is local; `days` are MM-DD of every year or YYYY-MM-DD of one."""

    on: str
    groups: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    kind: str = ""
    segment: int | None = None
    dimension: str = ""
    days: tuple[str, ...] = ()
    at: time = MORNING

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        told: dict[str, Any] = {"on": self.on}
        for name in ("kind", "segment", "dimension"):
            told |= {name: getattr(self, name)} if getattr(self, name) else {}
        for name in ("groups", "channels", "days"):
            told |= {name: list(getattr(self, name))} if getattr(self, name) else {}
        return told | ({"at": f"{self.at:%H:%M}"} if self.on == DATE else {})

    def falls_on(self, day: date) -> bool:
        """Whether one of its days is this local day."""
        return f"{day:%m-%d}" in self.days or day.isoformat() in self.days


@dataclass(frozen=True, slots=True)
class Welcome:
    """Words for somebody who just came, in the group they came into; they know no quiet hours."""

    do: ClassVar[str] = "welcome"
    id: str
    words: str
    if_held: str = GO_ON

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"id": self.id, "do": self.do, "words": self.words, "if_held": self.if_held}


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the person, or for the group they came into."""

    do: ClassVar[str] = "say"
    id: str
    words: str
    to: str = PERSON
    advert: bool = False
    if_held: str = GO_ON

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        told = {"id": self.id, "do": self.do, "to": self.to, "words": self.words}
        return told | {"advert": self.advert, "if_held": self.if_held}


@dataclass(frozen=True, slots=True)
class Wait:
    """So long, then until `at` (local time), then until a day that keeps the rule `on` (see plan/schedule/days)."""

    do: ClassVar[str] = "wait"
    id: str
    days: int = 0
    hours: int = 0
    at: time | None = None
    on: str = ""

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        told: dict[str, Any] = {"id": self.id, "do": self.do, "days": self.days, "hours": self.hours}
        told |= {"at": f"{self.at:%H:%M}"} if self.at is not None else {}
        return told | ({"on": self.on} if self.on else {})


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until the condition holds, then go `then`; after so many days without it, `other`."""

    do: ClassVar[str] = "until"
    id: str
    asked: Group
    days: int
    then: tuple[Step, ...] = ()
    other: tuple[Step, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"id": self.id, "do": self.do, "days": self.days} | _forks(self)


@dataclass(frozen=True, slots=True)
class Branch:
    """Go `then` where the condition holds at that moment, else `other`."""

    do: ClassVar[str] = "branch"
    id: str
    asked: Group
    then: tuple[Step, ...] = ()
    other: tuple[Step, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"id": self.id, "do": self.do} | _forks(self)


def _forks(step: Until | Branch) -> dict[str, Any]:
    then, other = ([one.plain() for one in steps] for steps in (step.then, step.other))
    return {"if": step.asked.plain(), "then": then, "else": other}


@dataclass(frozen=True, slots=True)
class Tag:
    """Give the person a tag, or take it away."""

    do: ClassVar[str] = "tag"
    id: str
    dimension: str
    name: str
    remove: bool = False

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"id": self.id, "do": self.do, "dimension": self.dimension, "name": self.name, "remove": self.remove}


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work for a colleague, due by the end of so many local days (0: that day)."""

    do: ClassVar[str] = "task"
    id: str
    title: str
    note: str = ""
    days: int = 1
    role: str = ""

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        told: dict[str, Any] = {"id": self.id, "do": self.do, "title": self.title, "days": self.days}
        for name in ("note", "role"):
            told |= {name: getattr(self, name)} if getattr(self, name) else {}
        return told


@dataclass(frozen=True, slots=True)
class Again:
    """Back to an earlier step, at most so many times; then on."""

    do: ClassVar[str] = "again"
    id: str
    to: str
    most: int

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"id": self.id, "do": self.do, "to": self.to, "most": self.most}


@dataclass(frozen=True, slots=True)
class End:
    """The journey ends here."""

    do: ClassVar[str] = "end"
    id: str

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {"id": self.id, "do": self.do}


Step = Welcome | Say | Wait | Until | Branch | Tag | Task | Again | End
STEPS: tuple[type[Step], ...] = (Welcome, Say, Wait, Until, Branch, Tag, Task, Again, End)


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole journey. `again` is the number of days after which a member may begin once more, 0: never."""

    trigger: Trigger
    steps: tuple[Step, ...] = ()
    again: int = 0
    only_if: Group | None = None
    goal: Group | None = None
    exits: tuple[Group, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        told: dict[str, Any] = {"trigger": self.trigger.plain(), "again": self.again}
        told |= {"only_if": self.only_if.plain()} if self.only_if else {}
        told |= {"goal": self.goal.plain()} if self.goal else {}
        told |= {"exits": [one.plain() for one in self.exits]} if self.exits else {}
        return told | {"steps": [one.plain() for one in self.steps]}

    def all_steps(self) -> Iterator[Step]:
        """Every step, those of branches too, in the order of reading."""
        return _each(self.steps)


def _each(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, Until | Branch):
            yield from _each(step.then)
            yield from _each(step.other)
