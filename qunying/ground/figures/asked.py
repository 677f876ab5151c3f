"""What was asked for, and as of when: everything a count needs besides the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from qunying.ground.figures.results import Scope
    from qunying.ground.figures.sitting import Sitting
    from qunying.kit.periods import Period

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which local days of facts a metric reads: from `before` days before the period to `after` days after.

    None means all of them on that side, afterwards up to the last complete day; `facts=False` means
    that it reads memberships only.
    """

    before: int | None = 0
    after: int | None = 0
    facts: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answerable end: facts are known to be complete up to `last_day`.

    `last_day` is a finished local day: the last on which anything is recorded, or the end of the
    period where that is later, and never today. `as_of` is the instant (UTC) at which it ended.
    """

    scope: Scope
    period: Period
    params: dict[str, Any]
    last_day: date
    as_of: datetime
    finished: date
    """Yesterday, in the zone where it is still earliest: days up to here are closed."""
    known: datetime
    """A day of 24 hours that begins on `last_day` is over by this instant, or has yet to end."""

    def days(self, reach: Reach) -> tuple[date | None, date]:
        """First and last local day of facts within the reach; None where it goes back to the beginning."""
        first = None if reach.before is None else self.period.start - reach.before * _DAY
        return first, self._until(reach)

    def known_day(self, reach: Reach) -> date:
        """The last day that matters to a metric of this reach and is known to be complete."""
        return min(self.last_day, self._until(reach))

    def closed(self, reach: Reach) -> bool:
        """Whether no day within the reach is still going on."""
        return self._until(reach) <= self.finished

    def _until(self, reach: Reach) -> date:
        if reach.after is None:
            return max(self.last_day, self.period.end)
        return self.period.end + reach.after * _DAY

    def each_day(self) -> list[date]:
        """The days of the period."""
        return [self.period.start + offset * _DAY for offset in range(self.period.days)]


def ask(scope: Scope, period: Period, params: dict[str, Any], *, sitting: Sitting) -> Asked:
    """The question with the end of what is known; raises QunyingError where a community does not exist."""
    zones = sitting.zones(scope.communities)
    if not scope.communities or len(zones) < len(set(scope.communities)):
        raise QunyingError(_("A figure was asked for a community that does not exist."))
    now = timezone.now()
    finished = min(now.astimezone(zone).date() for zone in zones.values()) - _DAY
    newest = sitting.last_fact_day(scope.communities)
    last_day = min(finished, max(period.end, newest or period.end))
    as_of, known = (
        min(_end_of(day, zone) for zone in zones.values()) for day in (last_day, min(finished, last_day + _DAY))
    )
    return Asked(scope, period, params, last_day, as_of, finished, known)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + _DAY, time(), zone).astimezone(UTC)
