"""How far a goal has come on a day, from the facts as they are known now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from qunying.check.tracking.models import Status, Why
from qunying.check.tracking.outlooks import Outlook, outlook_of
from qunying.check.tracking.paths import path_of, status_of
from qunying.plan.goals.measuring import gap_under, local_days, measured_on

if TYPE_CHECKING:
    from datetime import date

    from qunying.check.tracking.paths import Path
    from qunying.plan.goals.measuring import Measured
    from qunying.plan.goals.models import Goal

SILENT_DAYS = 7
"""After so many days without any fact a community counts as not known any further: files end."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A goal when the local day `day` had ended.

    `facts_until` is set where facts end earlier than that: the figures then hold for that day. `outlook` is
    None where it was not asked for, or nothing is left to foretell.
    """

    goal: Goal
    day: date
    status: Status
    why: Why | None = None
    measured: Measured | None = None
    path: Path | None = None
    expected: float | None = None
    deviation: float | None = None
    share: float | None = None
    facts_until: date | None = None
    outlook: Outlook | None = None

    @property
    def value(self) -> float | None:
        """The figure itself."""
        return None if self.measured is None else self.measured.value


def progress_of(goal: Goal, *, day: date, foretell: bool = True) -> Progress:
    """The progress of a goal as of the end of `day` (or of its due day, if that is earlier).

    Facts that end more than a week before are not followed by days of nothing: the last known day is judged.
    Nothing of what is never recorded in the community is no zero: such a goal cannot be measured.
    """
    day = min(day, goal.due)
    if day < goal.start:
        return Progress(goal, day, Status.UNMEASURED, Why.FUTURE, path=path_of(goal))
    until = None if goal.by_hand else _end_of_facts(goal, day)
    on = until or day
    if not goal.by_hand and (on < goal.start or local_days(goal.community) is None):
        return Progress(goal, day, Status.UNMEASURED, Why.NO_FACTS, path=path_of(goal), facts_until=until)
    measured, path = measured_on(goal, on), path_of(goal)
    if (gap := gap_under(goal, measured)) is not None:
        return Progress(goal, day, Status.UNMEASURED, Why(gap.value), path=path, facts_until=until)
    if measured is None or measured.value is None:
        return Progress(goal, day, Status.UNMEASURED, Why.NO_VALUE, measured, path, facts_until=until)
    outlook = outlook_of(goal, path, measured.value, on) if foretell else None
    if path is None:
        return Progress(goal, day, Status.UNMEASURED, Why.NO_TARGET, measured, path, facts_until=until, outlook=outlook)
    return _judged(goal, day, on, measured.value, measured, path, until, outlook)


def _judged(  # noqa: PLR0913, PLR0917 - what a judgement stands on
    goal: Goal,
    day: date,
    on: date,
    value: float,
    measured: Measured,
    path: Path,
    until: date | None,
    outlook: Outlook | None,
) -> Progress:
    status, why = status_of(path, value, on, flexibility=float(goal.flexibility))
    return Progress(
        goal,
        day,
        status,
        why,
        measured,
        path,
        expected=path.at(on),
        deviation=path.deviation(value, on),
        share=path.share(value),
        facts_until=until,
        outlook=outlook,
    )


def _end_of_facts(goal: Goal, day: date) -> date | None:
    """The last day with facts where it lies more than a week before `day`; None where facts are current."""
    known = local_days(goal.community)
    if known is None or known.end >= day - timedelta(days=SILENT_DAYS):
        return None
    return known.end
