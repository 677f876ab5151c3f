"""What came of accepted suggestions: the same figure before the decision and after the work, side by side."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from qunying.act.suggestions.history import DAY, History
from qunying.act.suggestions.models import Result, Suggestion
from qunying.act.suggestions.port import detector_named
from qunying.kit.periods import Period, last_days

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.ground.groups.models import Community

SPAN = 28
"""Four whole weeks on either side, so that weekdays weigh the same."""
RIPENS = 14
"""Days that pass after the four weeks, so that shares of newcomers and funnels are finished."""


def measure_results(community: Community, *, today: date | None = None) -> list[Result]:
    """Measure what is ripe: work done at least six weeks ago and not measured yet. Not measurable: left alone."""
    zone = ZoneInfo(community.timezone)
    today = today or timezone.localdate(timezone=zone)
    waiting = Suggestion.objects.filter(
        community=community, state=Suggestion.State.ACCEPTED, work__done_at__isnull=False, result__isnull=True
    ).select_related("work", "community")
    return [result for row in waiting if (result := _measure(row, zone, today))]


def spans_of(decided: date, done: date) -> tuple[Period, Period]:
    """Four weeks that end with the day before the decision, and four that begin with the day after the work."""
    return last_days(SPAN, until=decided - DAY), Period(done + DAY, done + timedelta(days=SPAN))


def _measure(suggestion: Suggestion, zone: ZoneInfo, today: date) -> Result | None:
    detector, work = detector_named(suggestion.detector), suggestion.work
    if detector is None or work is None or work.done_at is None or suggestion.decided_at is None:
        return None
    before, after = spans_of(_day(suggestion.decided_at, zone), _day(work.done_at, zone))
    if after.end + timedelta(days=RIPENS) >= today:
        return None
    history = History(suggestion.community, before.start, after.end + timedelta(days=RIPENS))
    was, now = (detector.figure(history, period, suggestion.params) for period in (before, after))
    if was is None or now is None:
        return None
    return Result.objects.create(
        suggestion=suggestion,
        before_from=before.start,
        before_to=before.end,
        before=was.value,
        before_part=was.part,
        before_whole=was.whole,
        after_from=after.start,
        after_to=after.end,
        after=now.value,
        after_part=now.part,
        after_whole=now.whole,
    )


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
