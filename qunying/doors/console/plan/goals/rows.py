"""Goals as lines of a table, and the filters over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunying.check.alerts.levels import LOOKS as ALERT_LOOKS
from qunying.check.alerts.levels import Level
from qunying.check.alerts.queries import open_by_goal
from qunying.check.tracking.models import Status
from qunying.check.tracking.queries import latest_standings
from qunying.check.tracking.wording import LOOKS, course_words, room_words, why_words
from qunying.doors.console.plan.goals.words import DIMENSIONS, SHORT_TERMS
from qunying.kit import formats
from qunying.kit.numerals import to_id
from qunying.plan.goals.amounts import shown, shown_target
from qunying.plan.goals.queries import due_for_revision, in_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from qunying.check.alerts.models import Alert
    from qunying.check.tracking.models import Standing
    from qunying.check.tracking.wording import Look
    from qunying.plan.goals.models import Goal

_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal of the list with what was last seen of it; `share` is the done part of the way in whole %."""

    goal: Goal
    depth: int
    standing: Standing | None
    alert: Alert | None
    to_revise: bool

    @property
    def under(self) -> int:
        """How deep it stands in the tree, as far as the page shows it: 0 to 3."""
        return min(self.depth, _DEEPEST)

    @property
    def dimension(self) -> _StrPromise:
        """What it is about, in words."""
        return DIMENSIONS[self.goal.dimension]

    @property
    def target(self) -> str:
        """The target in words."""
        return shown_target(self.goal)

    @property
    def actual(self) -> str:
        """The figure as last seen."""
        value = self.standing.value if self.standing else None
        return shown(value, unit=self.goal.unit, currency=self.goal.community.currency)

    @property
    def fraction(self) -> str:
        """Numerator and denominator of a rate, as a hover text."""
        return fraction_words(self.standing, self.goal)

    @property
    def share(self) -> int | None:
        """How much of the way is done, in whole %; None where there is a bound to keep to instead."""
        found = self.standing.share if self.standing and not self.room else None
        return None if found is None else round(found * 100)

    @property
    def room(self) -> str:
        """How much is left to the bound, in words; empty where it is none."""
        return room_words(self.goal, self.standing) if self.standing else ""

    @property
    def deviation(self) -> str:
        """How far ahead or behind, in words; why not, where it cannot be said."""
        if self.standing is None:
            return _("Not counted yet")
        words = course_words(self.goal, self.standing)
        if words and words == self.room:
            return _("A bound to keep to")
        return words or why_words(self.goal, self.standing)

    @property
    def status(self) -> Status:
        """The status; not measurable while nothing was seen."""
        return Status(self.standing.status) if self.standing else Status.UNMEASURED

    @property
    def look(self) -> Look:
        """Word, icon and style of the status."""
        return LOOKS[self.status]

    @property
    def level(self) -> Look | None:
        """Word, icon and style of the open alert."""
        return ALERT_LOOKS[Level(self.alert.level)] if self.alert else None


def fraction_words(seen: Standing | None, goal: Goal) -> str:
    """412 / 803, of a rate; money keeps its currency."""
    if seen is None or seen.numerator is None or seen.denominator is None:
        return ""
    money = goal.unit == "money"
    part = formats.money(seen.numerator, goal.community.currency) if money else formats.whole(round(seen.numerator, 1))
    return f"{part} / {formats.whole(round(seen.denominator, 1))}"


def goal_rows(goals: Iterable[Goal], *, today: date) -> list[GoalRow]:
    """Lines for these goals as a tree. Two queries, however many there are."""
    branches = in_tree(goals)
    ids = [branch.goal.pk for branch in branches]
    standings, alerts = latest_standings(ids), open_by_goal(ids)
    due = {goal.pk for goal in due_for_revision((branch.goal for branch in branches), today)}
    return [
        GoalRow(
            branch.goal,
            branch.depth,
            standings.get(branch.goal.pk),
            alerts.get(branch.goal.pk),
            branch.goal.pk in due,
        )
        for branch in branches
    ]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which goals of a community are wanted; empty keeps all."""

    words: str = ""
    dimension: str = ""
    term: str = ""
    owner: str = ""
    status: str = ""

    @property
    def narrows(self) -> bool:
        """Whether any is in force."""
        return bool(self.words or self.dimension or self.term or self.owner or self.status)

    def keep(self, row: GoalRow) -> bool:
        """Whether the line is wanted."""
        goal = row.goal
        return (
            self.words.lower() in f"{goal.title} {goal.title_en}".lower()
            and self.dimension in {"", goal.dimension}
            and self.term in {"", goal.term}
            and self.owner in {"", str(goal.owner_id or "")}
            and self.status in {"", row.status.value, "alert" if row.alert else "", "revise" if row.to_revise else ""}
        )


def filters_from(query: QueryDict) -> Filters:
    """The filters of an address; what it does not know narrows nothing."""
    status = query.get("status", "")
    owner = query.get("owner", "")
    return Filters(
        words=query.get("q", "").strip()[:120],
        dimension=query.get("dimension", "") if query.get("dimension") in DIMENSIONS else "",
        term=query.get("term", "") if query.get("term") in SHORT_TERMS else "",
        owner=owner if to_id(owner) is not None else "",
        status=status if status in {*Status.values, "alert", "revise"} else "",
    )


def owners_in(rows: Sequence[GoalRow]) -> dict[str, str]:
    """Those who own goals: id as text → name."""
    return {str(row.goal.owner.pk): row.goal.owner.name for row in rows if row.goal.owner}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many goals have a status, as a link that filters by it."""

    label: str | _StrPromise
    icon: str
    style: str
    value: str
    count: int
    here: bool


def tallies(rows: Sequence[GoalRow], chosen: str) -> list[Tally]:
    """One for each status there is, the ones to look at first; then alerts and revisions due."""
    order = [Status.OFF_COURSE, Status.MISSED, Status.WITHIN, Status.NEAR, Status.ON_COURSE, Status.REACHED]
    counted = [
        Tally(LOOKS[one].word, LOOKS[one].icon, LOOKS[one].style, one.value, _count(rows, one), chosen == one.value)
        for one in [*order, Status.UNMEASURED]
    ]
    alerts = sum(row.alert is not None for row in rows)
    revisions = sum(row.to_revise for row in rows)
    counted += [
        Tally(_("With an alert"), "bell", "status-bad", "alert", alerts, chosen == "alert"),
        Tally(_("Due for revision"), "rotate", "status-fair", "revise", revisions, chosen == "revise"),
    ]
    return [one for one in counted if one.count or one.here]


def _count(rows: Sequence[GoalRow], status: Status) -> int:
    return sum(row.status is status for row in rows)


def export_columns() -> list[str]:
    """The heads of the table to take away."""
    return [
        _("Goal"), _("Stands under"), _("Dimension"), _("Term"), pgettext("goal", "Owner"), _("Figure"), _("From"),
        pgettext("goal", "Due"),
        _("Baseline"), _("Target"), _("Actual"), _("Numerator"), _("Denominator"), _("Deviation"), _("Status"),
    ]  # fmt: skip


def export_cells(row: GoalRow) -> list[object]:
    """One line of the table to take away; numbers stay numbers, shares from 0 to 1, money in minor units."""
    goal, seen = row.goal, row.standing
    return [
        goal.name,
        goal.parent.name if goal.parent else "",
        str(row.dimension),
        str(SHORT_TERMS[goal.term]),
        goal.owner.name if goal.owner else "",
        goal.metric or _("measured by hand"),
        goal.start.isoformat(),
        goal.due.isoformat(),
        None if goal.baseline is None else float(goal.baseline),
        None if goal.target is None else float(goal.target),
        seen.value if seen else None,
        seen.numerator if seen else None,
        seen.denominator if seen else None,
        seen.deviation if seen else None,
        str(row.look.word),
    ]
