"""Jobs as one person may see them, and what waits for a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.models import OrmQ

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.jobs.models import Job
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder

_CLUSTERS = ("fast", "bulk")
"""As the settings set them up."""


def jobs_for(staff: Holder, permission: Permission = Permission.IMPORT) -> QuerySet[Job]:
    """The jobs of units in which this person holds the permission, the newest first."""
    return Job.objects.filter(unit__in=units_for(staff, permission))


def get_job_for(staff: Holder, pk: int, permission: Permission = Permission.IMPORT) -> Job:
    """The job, or NotFoundError where there is none or it is not this person's."""
    job = jobs_for(staff, permission).filter(pk=pk).first()
    if job is None:
        raise NotFoundError(_("There is no such job that you may open."))
    return job


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for a worker of one cluster, and since when the oldest could have been taken up."""

    cluster: str
    waiting: int
    oldest: timedelta


def queues() -> list[Queue]:
    """Each cluster with what waits for it now; what a worker has in hand does not wait. One query.

    Of a task that was given up by its worker the time counts from when another may take it.
    """
    now = timezone.now()
    due = OrmQ.objects.filter(lock__lte=now).order_by().values("key").annotate(count=Count("pk"), since=Min("lock"))
    found = {row["key"]: Queue(row["key"], row["count"], now - row["since"]) for row in due}
    return [found.pop(name, Queue(name, 0, timedelta())) for name in _CLUSTERS] + list(found.values())
