"""Schedules and made reports as one person may see them, and which schedules are due."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.check.reports.models import MadeReport, ReportSchedule
from qunying.check.reports.spans import Grain, Span, span_of
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder

MORNING = time(7)
"""When reports are made, local to the community: on Monday, or on the first of the month or quarter."""


def schedules_for(staff: Holder, permission: Permission = Permission.SEE_FIGURES) -> QuerySet[ReportSchedule]:
    """The schedules of communities in which this person holds the permission."""
    visible = communities_for(staff, permission)
    return ReportSchedule.objects.filter(community__in=visible).select_related("community__unit", "owner")


def get_schedule_for(staff: Holder, pk: int, permission: Permission = Permission.SEE_FIGURES) -> ReportSchedule:
    """The schedule of this id; raises NotFoundError where there is none or it is not this person's."""
    schedule = schedules_for(staff, permission).filter(pk=pk).first()
    if schedule is None:
        raise NotFoundError(_("There is no such schedule that you may open."))
    return schedule


def made_for(staff: Holder) -> QuerySet[MadeReport]:
    """The reports made by schedules of this person's communities, the newest first."""
    visible = communities_for(staff)
    return MadeReport.objects.filter(community__in=visible).select_related("community", "schedule")


def get_made_for(staff: Holder, pk: int) -> MadeReport:
    """A made report with its file; raises NotFoundError where there is none or it is not this person's."""
    made = made_for(staff).filter(pk=pk, size__gt=0).first()
    if made is None or not path_of(made).is_file():
        raise NotFoundError(_("There is no such report that you may open."))
    return made


def path_of(made: MadeReport) -> Path:
    """Where the file of a made report lies."""
    return Path(settings.UPLOADS) / "made" / f"{made.schedule_id}-{made.period}.{made.form}"


def span_to_make(schedule: ReportSchedule, *, now: datetime) -> Span:
    """The newest span whose morning after has come (seven o'clock, local)."""
    zone = ZoneInfo(schedule.community.timezone)
    span = span_of(Grain(schedule.grain), now.astimezone(zone).date()).previous
    return span if now >= morning_after(span, zone) else span.previous


def morning_after(span: Span, zone: ZoneInfo) -> datetime:
    """The instant at which the report of this span is made: seven o'clock, local, on the day after its end."""
    return datetime.combine(span.days.end + timedelta(days=1), MORNING, zone)


def next_morning(schedule: ReportSchedule, *, now: datetime | None = None) -> datetime:
    """When the schedule makes its next report, in the zone of the community."""
    zone = ZoneInfo(schedule.community.timezone)
    following = span_to_make(schedule, now=now or timezone.now()).following
    return morning_after(following, zone)


def due_schedules(*, now: datetime | None = None) -> list[ReportSchedule]:
    """Schedules with a report to make: its morning came after `since`, and it has not been made."""
    now = now or timezone.now()
    found = []
    for schedule in ReportSchedule.objects.filter(paused_at__isnull=True).select_related("community__unit"):
        span = span_to_make(schedule, now=now)
        if morning_after(span, ZoneInfo(schedule.community.timezone)) < schedule.since:
            continue
        if not MadeReport.objects.filter(schedule=schedule, period=span.name).exists():
            found.append(schedule)
    return found
