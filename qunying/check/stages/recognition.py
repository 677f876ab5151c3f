"""Recognising the stage from figures: what is looked at, and a small table of limits.

A house rule. Active people are those of 30 rolling days; everything is held against the community's own past.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qunying.check.stages.models import Stage
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure
from qunying.kit.periods import Period

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.groups.models import Community

_DAY = timedelta(days=1)
_MONTH = 28
_HALF_YEAR = 182

YOUNG_DAYS = 56
"""Up to eight weeks old is a start, whatever the figures say."""
GROWING_MEMBERS = 0.05
GROWING_ACTIVE = 0.10
"""More members or active people than four weeks before by so much is growth."""
FALLEN = 0.75
STILL = 0.05
"""So far below the best of half a year, and not rising again by more than this, is decline."""
TROUGH = 0.70
RISEN = 1.25
"""Having fallen that low, and risen from there by a quarter, is revival."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the stage was read from.

    Members and active people now and four weeks before; the most active people of half a year, and the fewest
    since that day.
    """

    age_days: int
    members: int
    members_before: int
    active: int
    active_before: int
    peak: int
    trough: int

    @property
    def members_growth(self) -> float:
        """Relative change of the members in four weeks."""
        return self.members / self.members_before - 1 if self.members_before else 0.0

    @property
    def active_growth(self) -> float:
        """Relative change of the active people in four weeks."""
        return self.active / self.active_before - 1 if self.active_before else 0.0

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def evidence_of(community: Community, *, first: date, day: date) -> Evidence:
    """The figures as of the end of `day`; the community's facts begin on `first`. Two questions to the catalogue."""
    period = Period(max(first, day - _HALF_YEAR * _DAY), day)
    scope = Scope((community.pk,))
    present = [int(row["value"]) for row in measure("members_present", scope=scope, period=period).rows]
    active = [int(row["value"]) for row in measure("mau", scope=scope, period=period).rows]
    peak = max(active)
    return Evidence(
        age_days=(day - first).days + 1,
        members=present[-1],
        members_before=_before(present),
        active=active[-1],
        active_before=_before(active),
        peak=peak,
        trough=min(active[active.index(peak) :]),
    )


def _before(values: list[int]) -> int:
    return values[-1 - _MONTH] if len(values) > _MONTH else 0


def stage_from(seen: Evidence) -> Stage:
    """The first stage whose limits fit, in this order: start, revival, decline, growth, maturity."""
    if seen.age_days <= YOUNG_DAYS:
        return Stage.START
    if seen.trough <= TROUGH * seen.peak and seen.active >= RISEN * seen.trough and seen.active_growth > 0:
        return Stage.REVIVAL
    if seen.active <= FALLEN * seen.peak and seen.active_growth <= STILL:
        return Stage.DECLINE
    if seen.members_growth >= GROWING_MEMBERS or seen.active_growth >= GROWING_ACTIVE:
        return Stage.GROWTH
    return Stage.MATURITY
