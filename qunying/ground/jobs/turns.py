"""A turn at a job: the claim that lets one process alone work on it, for a while."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils import timezone

from qunying.ground.jobs.models import Job

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

CLAIM = timedelta(seconds=60)
STEP_SECONDS = 8.0
OPEN = (Job.State.WAITING, Job.State.RUNNING)


class LostTurnError(Exception):
    """The claim ran out and another process goes on with the job: whatever was being done is rolled back."""


class CancelAskedError(Exception):
    """Someone asked to cancel: what the running transaction did is rolled back, the rest stays."""


@dataclass(slots=True)
class Turn:
    """One process at work on one job, until `over()`."""

    job: Job
    token: datetime
    deadline: float | None
    on_progress: Callable[[Job], None] | None = None

    def over(self) -> bool:
        """Whether it is time to stop at the next checkpoint."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    def save(self, *, checkpoint: dict[str, Any], done: int, total: int | None = None) -> None:
        """Write the checkpoint inside the transaction of the effects it stands for, and renew the claim.

        Raises CancelAskedError or LostTurnError, so that the transaction is rolled back.
        """
        fresh = timezone.now() + CLAIM
        held = Job.objects.filter(pk=self.job.pk, claimed_until=self.token, cancel_asked=False)
        changes = {"checkpoint": checkpoint, "done": done, "total": total, "claimed_until": fresh, "attempts": 0}
        if not held.update(**changes):
            asked = Job.objects.filter(pk=self.job.pk, claimed_until=self.token).exists()
            raise CancelAskedError if asked else LostTurnError
        self.token = fresh
        self.job.checkpoint, self.job.done, self.job.total = checkpoint, done, total

    def tell(self) -> None:
        """Let whoever watches know how far the job is; call it after commit."""
        if self.on_progress is not None:
            self.on_progress(self.job)


def claim(job_id: int, *, seconds: float | None = STEP_SECONDS) -> Turn | None:
    """Take the next turn at a job, or None where another process holds it or it has ended."""
    now = timezone.now()
    token = now + CLAIM
    free = Job.objects.filter(pk=job_id, state__in=OPEN).filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    )
    if not free.update(claimed_until=token, state=Job.State.RUNNING, attempts=F("attempts") + 1):
        return None
    Job.objects.filter(pk=job_id, started_at__isnull=True).update(started_at=now)
    deadline = None if seconds is None else time.monotonic() + seconds
    return Turn(Job.objects.select_related("unit").get(pk=job_id), token, deadline)
