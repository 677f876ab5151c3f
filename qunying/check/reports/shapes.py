"""What a report is made of: plain data, the same for the page, the files and the paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from qunying.check.reports.spans import Span
    from qunying.ground.figures.catalogue import Metric
    from qunying.ground.figures.results import Figure
    from qunying.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the period with the same figure of the periods before, newest first, four at most.

    A period is among `before` only if the community's facts go back to its first day, so that no average
    is dragged down by days from which nothing is known. `year` is the same period of the year before,
    where the facts reach back that far.
    """

    metric: Metric
    figure: Figure
    before: Sequence[Figure] = ()
    year: Figure | None = None

    @property
    def value(self) -> float | int | None:
        """This period's."""
        return self.figure.value

    @property
    def previous(self) -> float | int | None:
        """The one before; None where nothing is known of it."""
        return self.before[0].value if self.before else None

    @property
    def average(self) -> float | None:
        """The mean of the periods before; None with fewer than two that have a value."""
        known = self.past
        return sum(known) / len(known) if len(known) > 1 else None

    @property
    def past(self) -> list[float | int]:
        """The values of the periods before, newest first, without those of which nothing can be said."""
        return [figure.value for figure in self.before if figure.value is not None]

    @property
    def nothing(self) -> bool:
        """Whether there was nothing of this kind, in this period or before."""
        return not self.value and not any(self.past)


@dataclass(frozen=True, slots=True)
class CohortAge:
    """How many of a cohort were active `age` weeks (or months) after joining; `finished` once that one is over."""

    age: int
    active: int
    share: float | None
    finished: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """The people who joined in the week (or month) from `start`, and how many stayed active."""

    start: date
    size: int
    ages: Sequence[CohortAge]


@dataclass(frozen=True, slots=True)
class Comers:
    """Who came or went: names, as far as they are shown, and how many there are in all."""

    names: Sequence[str]
    total: int


@dataclass(frozen=True, slots=True)
class Known:
    """What a community's facts can tell at all, so that the report does not read silence as absence.

    `joins` and `leaves` tell whether any coming or going of the community was ever recorded; `unannounced`
    whether someone of this period's newcomers was first seen by what they did, without a joining.
    """

    joins: bool
    leaves: bool
    unannounced: bool

    @property
    def roster(self) -> bool:
        """Whether it is known who is here: without any joining or leaving, "members" are all who ever showed."""
        return self.joins or self.leaves


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the report is about; `pk` is the id of the community, `unit` that of its unit."""

    pk: int
    unit: int
    name: str
    slug: str
    zone: ZoneInfo
    currency: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One group, channel or weekday: its share of a figure in this period and in the one before."""

    label: str
    value: float
    before: float

    @property
    def moved(self) -> float:
        """By how much it rose; below 0 it fell."""
        return self.value - self.before


@dataclass(frozen=True, slots=True)
class Report:
    """One week, month or quarter of one community.

    `counted` is the part of the span that is over, the same days of the earlier ones being compared.
    `first_day` and `last_day` bound the facts of the community; None without any. `joined` and `left` are
    None for a reader who may not see members. `groups` are the messages by group, `channels` the newcomers
    by channel; empty where there is nothing before to compare with, or only one of them.
    """

    subject: Subject
    span: Span
    counted: Period
    made_at: datetime
    as_of: datetime
    first_day: date | None
    last_day: date | None
    lines: Mapping[str, Line]
    cohorts: Sequence[Cohort]
    known: Known
    groups: Sequence[Part] = ()
    channels: Sequence[Part] = ()
    joined: Comers | None = None
    left: Comers | None = None

    @property
    def running(self) -> bool:
        """Whether the period is not over yet."""
        return self.counted != self.span.days

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known of this period: no fact lies in it and nobody was there."""
        return all(not self.lines[name].value for name in ("members_present", "joins", "leaves", "active_members.seen"))

    @property
    def orders_only(self) -> bool:
        """Whether all that is told of people is what they bought: no message and no interaction, now or before."""
        silent = self.lines["messages"].nothing and self.lines["interactions"].nothing
        return silent and not self.lines["orders"].nothing
