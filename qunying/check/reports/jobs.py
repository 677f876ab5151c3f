"""The morning's reports, made one after another in steps that can be taken up again."""

from __future__ import annotations

from django.utils import timezone

from qunying.check.reports.schedules import due_schedules, span_to_make
from qunying.check.reports.services_schedules import make_scheduled
from qunying.ground.audit.actors import System
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import start_job
from qunying.ground.jobs.turns import OPEN, Turn

KIND = "reports"
_BY = System("reports")


def start_where_due() -> Job | None:
    """Start making reports where a schedule has one to make; None where none has, or it is being done."""
    if Job.objects.filter(kind=KIND, state__in=OPEN).exists() or not due_schedules():
        return None
    return start_job(KIND, checkpoint={}, by=_BY, total=None)


def step(turn: Turn) -> bool:
    """Make reports until the turn is over; one that was made is not made again."""
    done = turn.job.done
    for schedule in due_schedules():
        make_scheduled(schedule, span=span_to_make(schedule, now=timezone.now()), by=_BY)
        done += 1
        turn.save(checkpoint={}, done=done)
        if turn.over():
            return False
    return True
