"""What became of a journey and of each of its steps: numbers of people and of passages, each share with both parts.

A passage is one traveller meeting one step in one round: who goes round three times meets a step three times.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Subquery

from qunying.do.journeys.models import Passage, Traveller

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from qunying.do.journeys.models import Journey, Version

Outcome, State = Passage.Outcome, Passage.State


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """Part over whole, 0 to 1; None where there is no whole."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step: passages by how they stand and by what came of them, and the people whose journey was over there."""

    states: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)

    @property
    def arrived(self) -> int:
        """Passages there are: everybody who came here, each round of theirs."""
        return sum(self.states.values())

    @property
    def waiting(self) -> Share:
        """Passages not over yet, of those who arrived."""
        return self._of_arrived(self.states.get(State.DUE, 0) + self.states.get(State.OUT, 0))

    @property
    def moved_on(self) -> Share:
        """Passages that are over, of those who arrived."""
        return self._of_arrived(self.states.get(State.DONE, 0) + self.states.get(State.SKIPPED, 0))

    @property
    def sent(self) -> Share:
        """What left, of what was decided: sent, held back, refused, called off or unknown."""
        return self._of_decided(Outcome.SENT)

    @property
    def held(self) -> Share:
        """What a guard held back for good, of what was decided."""
        return self._of_decided(Outcome.HELD)

    @property
    def refused(self) -> Share:
        """What the platform refused, of what was decided."""
        return self._of_decided(Outcome.REFUSED)

    @property
    def unsure(self) -> Share:
        """What may have arrived or not, of what was decided."""
        return self._of_decided(Outcome.UNKNOWN)

    @property
    def yes(self) -> Share:
        """Whoever took the first way, of those who took one."""
        return Share(self.outcomes.get(Outcome.THEN, 0), self._taken)

    @property
    def no(self) -> Share:
        """Whoever took the second way, of those who took one."""
        return Share(self.outcomes.get(Outcome.ELSE, 0), self._taken)

    @property
    def goal(self) -> Share:
        """People who reached the goal while they stood here, of the passages."""
        return self._of_arrived(self.ends.get(Traveller.State.REACHED_GOAL, 0))

    @property
    def dropped(self) -> Share:
        """People who left or were stopped while they stood here, of the passages."""
        return self._of_arrived(self.ends.get(Traveller.State.LEFT, 0) + self.ends.get(Traveller.State.STOPPED, 0))

    @property
    def _taken(self) -> int:
        return self.outcomes.get(Outcome.THEN, 0) + self.outcomes.get(Outcome.ELSE, 0)

    def _of_arrived(self, part: int) -> Share:
        return Share(part, self.arrived)

    def _of_decided(self, outcome: str) -> Share:
        decided = (Outcome.SENT, Outcome.HELD, Outcome.REFUSED, Outcome.CANCELLED, Outcome.UNKNOWN)
        return Share(self.outcomes.get(outcome, 0), sum(self.outcomes.get(one, 0) for one in decided))


@dataclass(frozen=True, slots=True)
class JourneyFigures:
    """People who began, by how it stands with them."""

    states: Mapping[str, int]

    @property
    def began(self) -> int:
        """Everybody who ever began, each time they did."""
        return sum(self.states.values())

    @property
    def under_way(self) -> int:
        """Those who are on it now."""
        return self.states.get(Traveller.State.UNDER_WAY, 0)

    @property
    def reached(self) -> Share:
        """Those who reached the goal, of those for whom it is over."""
        return self._of_over(Traveller.State.REACHED_GOAL)

    @property
    def ended(self) -> Share:
        """Those who went to the end, of those for whom it is over."""
        return self._of_over(Traveller.State.ENDED)

    @property
    def left(self) -> Share:
        """Those who left early, of those for whom it is over."""
        return self._of_over(Traveller.State.LEFT)

    @property
    def stopped(self) -> Share:
        """Those whom a colleague stopped, of those for whom it is over."""
        return self._of_over(Traveller.State.STOPPED)

    def _of_over(self, state: str) -> Share:
        return Share(self.states.get(state, 0), self.began - self.under_way)


def journey_figures(journey: Journey, *, version: Version | None = None) -> JourneyFigures:
    """How it stands with everybody who began, on all versions or on one. One query."""
    travellers = Traveller.objects.filter(journey=journey)
    if version is not None:
        travellers = travellers.filter(version=version)
    return JourneyFigures(dict(travellers.order_by().values_list("state").annotate(n=Count("pk"))))


def step_figures(version: Version) -> dict[str, StepFigures]:
    """The figures of every step of a version that anybody has met, by the id of the step. Two queries."""
    met = Passage.objects.filter(traveller__version=version).order_by()
    rows = met.values_list("step_id", "state", "outcome").annotate(n=Count("pk"))
    states: dict[str, Counter[str]] = {}
    outcomes: dict[str, Counter[str]] = {}
    for step, state, outcome, count in rows:
        states.setdefault(step, Counter())[state] += count
        outcomes.setdefault(step, Counter())[outcome] += count
    ends = _ends(Traveller.objects.filter(version=version))
    return {
        step: StepFigures(dict(states.get(step, {})), dict(outcomes.get(step, {})), dict(ends.get(step, {})))
        for step in {*states, *ends}
    }


def _ends(travellers: QuerySet[Traveller]) -> dict[str, Counter[str]]:
    """Where people stood when their journey was over before its end: by the step they met last, then by how."""
    early = travellers.filter(state__in=(Traveller.State.REACHED_GOAL, *_EARLY))
    last = Passage.objects.filter(traveller=OuterRef("pk")).order_by("-due_at", "-pk").values("step_id")[:1]
    rows = early.order_by().annotate(last=Subquery(last)).values_list("last", "state").annotate(n=Count("pk"))
    found: dict[str, Counter[str]] = {}
    for step, state, count in rows:
        if step is not None:
            found.setdefault(step, Counter())[state] += count
    return found


_EARLY: Iterable[str] = (Traveller.State.LEFT, Traveller.State.STOPPED)
