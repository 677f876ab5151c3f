"""What happened overnight: yesterday and the hours since midnight, beside the usual; and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import mean
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.doors.console.ground.system.jobs import visible_jobs
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.events.models import ParkedEvent
from qunying.ground.figures.results import SMALL, Scope
from qunying.ground.figures.services import measure
from qunying.ground.groups.queries import communities_for
from qunying.ground.jobs.models import Job
from qunying.kit.formats import percent, whole
from qunying.kit.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from django.utils.functional import _StrPromise

    from qunying.ground.access.models import Staff

_METRICS: tuple[tuple[str, _StrPromise, str], ...] = (
    ("joins", gettext_lazy("Came"), "user-plus"),
    ("leaves", gettext_lazy("Left"), "user-minus"),
    ("messages", gettext_lazy("Messages"), "message"),
    ("orders", gettext_lazy("Orders"), "basket"),
)
_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Count:
    """One figure of yesterday: the number, so far today, and how it compares with the same weekday of four weeks."""

    label: str
    picture: str
    yesterday: int
    so_far: int
    usual: str


def overnight_context(staff: Staff) -> dict[str, Any]:
    """What the panel is drawn from."""
    zone = zone_of(staff)
    day = timezone.localdate(timezone=zone)
    communities = tuple(communities_for(staff).order_by("pk").values_list("pk", flat=True))
    counts = [_count(metric, label, picture, communities, day) for metric, label, picture in _METRICS]
    return {
        "counts": counts if communities else [],
        "yesterday": day - timedelta(days=1),
        "quiet": not any(count.yesterday or count.so_far for count in counts),
        "faults": list(faults(staff, zone, day)),
    }


def _count(metric: str, label: _StrPromise, picture: str, communities: tuple[int, ...], day: date) -> Count:
    if not communities:
        return Count(str(label), picture, 0, 0, "")
    span = Period(day - timedelta(days=_WEEKS * 7 + 1), day)
    rows = measure(metric, scope=Scope(communities), period=span).rows
    daily = {row["day"]: int(row["value"] or 0) for row in rows}
    yesterday = day - timedelta(days=1)
    return Count(str(label), picture, daily.get(yesterday, 0), daily.get(day, 0), usual_words(daily, yesterday))


def usual_words(daily: Mapping[date, int], day: date) -> str:
    """How the day compares with the mean of the same weekday of four weeks; '' where there was nothing before.

    Small numbers are told beside each other: 2 after 1 is not “100 % more”.
    """
    usual = mean(daily.get(day - timedelta(weeks=number), 0) for number in range(1, _WEEKS + 1))
    if not usual:
        return ""
    if usual < SMALL:
        return _("usually %(usual)s") % {"usual": whole(round(usual, 1))}
    change = daily.get(day, 0) / usual - 1
    if abs(change) < 0.1:  # noqa: PLR2004 - a tenth is nothing to look at
        return _("as usual")
    words = _("%(change)s above the usual") if change > 0 else _("%(change)s below the usual")
    return words % {"change": percent(abs(change), decimals=0)}


def faults(staff: Staff, zone: ZoneInfo, day: date) -> list[tuple[str, str]]:
    """What went wrong since yesterday began, for those who may look after it: (sentence, route)."""
    since = datetime.combine(day - timedelta(days=1), time(), zone)
    found = []
    failed = visible_jobs(staff).filter(state=Job.State.FAILED, ended_at__gte=since).count()
    if failed:
        found.append((_("%(many)s jobs failed.") % {"many": failed}, "jobs"))
    if may_anywhere(staff, Permission.RUN_SYSTEM):
        mine = communities_for(staff, Permission.RUN_SYSTEM)
        parked = ParkedEvent.objects.filter(event__community__in=mine).count()
        if parked:
            found.append(
                (_("%(many)s facts were set aside: a follower could not digest them.") % {"many": parked}, "followers")
            )
    return found
