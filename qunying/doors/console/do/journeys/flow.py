"""A definition as cards from top to bottom, with what stands beside each: problems, figures, what would have left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.do.journeys.checking import START
from qunying.do.journeys.definition import Branch, Say, Until, Welcome
from qunying.doors.console.do.journeys.words import KINDS, TRIGGERS, lines_of, start_lines, title_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qunying.do.journeys.checking import Problem
    from qunying.do.journeys.definition import Definition, Step
    from qunying.doors.console.do.journeys.words import Book

BEGINNING, ONLY, GOAL, EXITS = "_start", "_only", "_goal", "_exits"
"""What stands before and behind the steps, as if it were one."""


@dataclass(frozen=True, slots=True)
class Told:
    """One number beside a step: what it counts, how many, and the share (0 to 1) where there is one."""

    label: str
    count: int
    share: float | None = None
    whole: int | None = None


@dataclass(slots=True)
class Card:
    """One step as the page shows it; `place` is where something put in before it goes."""

    id: str
    icon: str
    title: str
    place: str = ""
    lines: list[str] = field(default_factory=list)
    words: str = ""
    to_group: bool = False
    advert: bool = False
    problems: list[Problem] = field(default_factory=list)
    figures: list[Told] = field(default_factory=list)
    names: str = ""
    arms: list[Arm] = field(default_factory=list)
    first: bool = False
    last: bool = False
    is_step: bool = True

    @property
    def stops(self) -> bool:
        """Whether something about it keeps the journey from being released."""
        return any(one.stops for one in self.problems)


@dataclass(frozen=True, slots=True)
class Lane:
    """Steps one below the other; `end` is the place behind the last."""

    cards: list[Card]
    end: str


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the two ways on from a question, and how many took it."""

    label: str
    yes: bool
    lane: Lane
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the steps, each by their ids."""

    problems: Sequence[Problem] = ()
    figures: Mapping[str, list[Told]] = field(default_factory=dict)
    taken: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """How many took the first and the second way."""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole journey: what comes before the steps, the steps, what ends it."""

    before: list[Card]
    lane: Lane
    behind: list[Card]


def flow_of(definition: Definition, book: Book, beside: Beside | None = None) -> Flow:
    """The cards of a definition."""
    told = beside or Beside()
    titles = {step.id: title_of(step) for step in definition.all_steps()}
    drawing = _Drawing(book, told, titles)
    lane = drawing.lane(definition.steps, "")
    return Flow(_before(definition, book, told), lane, _behind(definition, book))


def _before(definition: Definition, book: Book, told: Beside) -> list[Card]:
    title = str(TRIGGERS[definition.trigger.on])
    problems = [one for one in told.problems if one.step == START]
    only = definition.only_if
    whom = book.asked(only) if only else _("Everybody whom it sets off.")
    return [
        Card(
            BEGINNING, "bolt", title, lines=start_lines(definition, book), problems=problems, is_step=False, first=True
        ),
        Card(ONLY, "filter", pgettext("journey", "For whom"), lines=[whom], is_step=False),
    ]


def _behind(definition: Definition, book: Book) -> list[Card]:
    goal = book.asked(definition.goal) if definition.goal else _("None: it is walked to its end.")
    exits = [book.asked(one) for one in definition.exits]
    left = _("Whoever leaves the community leaves the journey.")
    return [
        Card(GOAL, "target", _("Goal: whoever reaches it is done"), lines=[goal], is_step=False),
        Card(EXITS, "logout", _("Ways out"), lines=[left, *exits], is_step=False, last=True),
    ]


@dataclass(frozen=True, slots=True)
class _Drawing:
    book: Book
    told: Beside
    titles: Mapping[str, str]

    def lane(self, steps: Sequence[Step], above: str) -> Lane:
        cards = [self.card(step, f"{above}{number}") for number, step in enumerate(steps)]
        if cards:
            cards[0].first = cards[-1].last = True
        return Lane(cards, f"{above}{len(steps)}")

    def card(self, step: Step, place: str) -> Card:
        says = isinstance(step, Say | Welcome)
        card = Card(step.id, KINDS[step.do][1], title_of(step, self.titles), place)
        card.lines = lines_of(step, self.book)
        card.words = step.words if isinstance(step, Say | Welcome) else ""
        card.to_group = says and (isinstance(step, Welcome) or (isinstance(step, Say) and step.to == "group"))
        card.advert = isinstance(step, Say) and step.advert
        card.problems = [one for one in self.told.problems if one.step == step.id]
        card.figures = self.told.figures.get(step.id, [])
        card.names = self.told.names.get(step.id, "")
        if isinstance(step, Branch | Until):
            card.arms = self._arms(step, place)
        return card

    def _arms(self, step: Branch | Until, place: str) -> list[Arm]:
        yes, no = self.told.taken.get(step.id, (None, None))
        labels = (
            (pgettext("journey way", "Yes"), pgettext("journey way", "No"))
            if isinstance(step, Branch)
            else (_("As soon as it is so"), _("Not in that time"))
        )
        return [
            Arm(labels[0], True, self.lane(step.then, f"{place}.then."), yes),  # noqa: FBT003 - the first way
            Arm(labels[1], False, self.lane(step.other, f"{place}.else."), no),  # noqa: FBT003 - the second way
        ]
