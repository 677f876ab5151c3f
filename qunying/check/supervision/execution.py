"""Work that was due, held against what was done: the execution deviation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.plan.schedule.models import WorkItem
from qunying.plan.schedule.services import PUT_OFF

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from django.db.models import QuerySet

    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period

_HOME = ZoneInfo("Asia/Shanghai")
_HUNDRED = 100

Place = tuple[str, int]
"""("community", id), or ("unit", id) for work of a unit as a whole."""


@dataclass(frozen=True, slots=True)
class Execution:
    """Pieces of work that were due: done by the due day, done later, not done; and those whose day is still to come.

    `moved` counts those among them whose due day was put off at some time: their later day is what they are
    held against. Work that was dropped is none, but for the missed times of work that comes round again:
    whoever skips those has not done them.
    """

    on_time: int = 0
    late: int = 0
    undone: int = 0
    coming: int = 0
    moved: int = 0

    def __add__(self, other: Execution) -> Execution:
        return Execution(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Execution)))

    def __sub__(self, other: Execution) -> Execution:
        return Execution(*(getattr(self, each.name) - getattr(other, each.name) for each in fields(Execution)))

    @property
    def planned(self) -> int:
        """Pieces of work whose due day is over."""
        return self.on_time + self.late + self.undone

    @property
    def missed(self) -> int:
        """Those that were not done by their day."""
        return self.late + self.undone

    @property
    def deviation(self) -> float | None:
        """Missed ÷ planned; None where nothing was due."""
        return self.missed / self.planned if self.planned else None

    def enough(self, percent: Decimal) -> bool:
        """Whether there is so much work that one piece alone cannot make the deviation pass the tolerance."""
        return self.planned >= needed(percent)

    def passes(self, percent: Decimal) -> bool:
        """Whether the deviation is above the tolerance, on enough work to say so."""
        return self.enough(percent) and self.missed * _HUNDRED > percent * self.planned


def needed(percent: Decimal) -> int:
    """How many pieces of work must have been due before a deviation is judged: 13 at 8 %."""
    return ceil(_HUNDRED / percent)


def executions(
    communities: Iterable[Community], units: Iterable[int], period: Period, before: Period
) -> tuple[dict[Place, Execution], dict[Place, Execution]]:
    """How the work due in `period`, and that due in the period before, was carried out, by place.

    A day is over by the clock of the community; for work of a unit, by that of Shanghai. Two queries.
    """
    zones = {one.pk: ZoneInfo(one.timezone) for one in communities}
    rows = list(
        works_due(zones, units, min(period.start, before.start), max(period.end, before.end)).values_list(
            "pk", "community_id", "unit_id", "due", "done_at"
        )
    )
    moved = _put_off([row[0] for row in rows])
    todays = {zone: timezone.localdate(timezone=zone) for zone in {_HOME, *zones.values()}}
    now: dict[Place, Execution] = defaultdict(Execution)
    then: dict[Place, Execution] = defaultdict(Execution)
    for pk, community, unit, due, done_at in rows:
        place = ("community", community) if community else ("unit", unit)
        zone = zones.get(community, _HOME)
        one = _one(due, done_at, zone, today=todays[zone], moved=pk in moved)
        for span, found in ((period, now), (before, then)):
            if span.start <= due <= span.end:
                found[place] += one
    return dict(now), dict(then)


def works_due(communities: Iterable[int], units: Iterable[int], first: date, last: date) -> QuerySet[WorkItem]:
    """Work of these communities and units (ids) due from one local day to another; dropped is out, skipped is in."""
    here = Q(community__among=list(communities)) | Q(unit__among=list(units))
    counts = Q(dropped_at__isnull=True) | Q(skipped=True)
    return WorkItem.objects.filter(here, counts, due__gte=first, due__lte=last)


@dataclass(frozen=True, slots=True)
class DueLine:
    """One piece of work that was due: in_time, late, undone or coming; `done` is the local day it was done."""

    work: WorkItem
    kind: str
    done: date | None


def due_lines(communities: Iterable[Community], units: Iterable[int], period: Period) -> list[DueLine]:
    """The work due in the period piece by piece, the earliest first. One query."""
    zones = {one.pk: ZoneInfo(one.timezone) for one in communities}
    found = works_due(zones, units, period.start, period.end).select_related("community", "unit", "owner")
    return [_due_line(work, zones.get(work.community_id or 0, _HOME)) for work in found.order_by("due", "pk")]


def _due_line(work: WorkItem, zone: ZoneInfo) -> DueLine:
    if work.done_at is None:
        return DueLine(work, "undone" if work.due < timezone.localdate(timezone=zone) else "coming", None)
    done = work.done_at.astimezone(zone).date()
    return DueLine(work, "in_time" if done <= work.due else "late", done)


def _put_off(works: list[int]) -> set[int]:
    """Those of the pieces of work whose due day somebody moved to a later one, as the audit tells."""
    acts = Act.objects.filter(verb=PUT_OFF, subject_type="work", subject_id__among=[str(pk) for pk in works])
    return {int(pk) for pk, details in acts.values_list("subject_id", "details") if details["to"] > details["from"]}


def _one(due: date, done_at: datetime | None, zone: ZoneInfo, *, today: date, moved: bool) -> Execution:
    shift = int(moved)
    if done_at is not None:
        in_time = done_at.astimezone(zone).date() <= due
        return Execution(on_time=int(in_time), late=int(not in_time), moved=shift)
    return Execution(undone=1, moved=shift) if due < today else Execution(coming=1, moved=shift)
