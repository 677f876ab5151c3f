"""Faults, rounds and readiness, read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.utils import timezone

from qunying.ground.jobs.models import Job
from qunying.ground.patrol.checks import State
from qunying.ground.patrol.looks import look_database, look_lag
from qunying.ground.patrol.looks_machine import look_home
from qunying.ground.patrol.models import Fault, Patrol

if TYPE_CHECKING:
    from django.db.models import QuerySet

_RECENT = timedelta(days=7)


def open_faults() -> QuerySet[Fault]:
    """Faults that still stand, the newest first."""
    return Fault.objects.filter(closed_at=None)


def past_faults() -> QuerySet[Fault]:
    """Faults that went, the newest first."""
    return Fault.objects.exclude(closed_at=None)


def last_patrol() -> Patrol | None:
    """The last round."""
    return Patrol.objects.first()


def not_ready() -> list[str]:
    """Why this process should get no requests now: `home`, `database`, `changes`, `lag`; empty where it may."""
    if look_home().state is State.BAD:
        return ["home"]
    try:
        database = look_database()
        if database.state is State.BAD:
            return ["database" if database.told == "silent" else "changes"]
        return ["lag"] if look_lag().state is State.BAD else []
    except DatabaseError:
        return ["database"]


def import_rates(*, last: int = 10) -> list[dict[str, object]]:
    """The imports finished in the last seven days, the newest first: rows, seconds, rows a second."""
    done = Job.objects.filter(kind="import", state=Job.State.DONE, ended_at__gte=timezone.now() - _RECENT)
    rows = done.exclude(started_at=None).order_by("-ended_at").values_list("pk", "done", "started_at", "ended_at")
    return [
        {"job": pk, "rows": count, "seconds": round(took, 1), "rate": round(count / max(took, 0.1))}
        for pk, count, begun, ended in rows[:last]
        if begun and ended and (took := (ended - begun).total_seconds()) >= 0
    ]
