"""Verbs on jobs: start, cancel, take a step, run to the end."""

from __future__ import annotations

import logging
import time
import traceback
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_q.tasks import async_task

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.jobs.kinds import job_kind
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.turns import OPEN, CancelAskedError, LostTurnError, Turn, claim
from qunying.kit.collecting import calm_collector
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

START = declare_verb("jobs.start", gettext_lazy("A long job was started."))
CANCEL = declare_verb("jobs.cancel", gettext_lazy("A long job was asked to stop."))

MOST_ATTEMPTS = 5
_PAUSE = timedelta(seconds=5)
_WATCH_SECONDS = 0.5
_STALE = timedelta(seconds=30)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Behind:
    """Whoever started a job, as an actor for what the job does later."""

    actor_key: str


@transaction.atomic
def start_job(  # noqa: PLR0913 - what a job is born with
    kind: str,
    *,
    checkpoint: dict[str, Any],
    by: Actor,
    unit: Unit | None = None,
    total: int | None = None,
    queue: bool = True,
) -> Job:
    """Make a job; a worker of the cluster “bulk” takes it up after commit, unless it is to be run inline."""
    job_kind(kind)
    job = Job.objects.create(kind=kind, checkpoint=checkpoint, actor=by.actor_key, unit=unit, total=total)
    write_act(START, by=by, subject_type="job", subject_id=job.pk, details={"kind": kind})
    if queue:
        enqueue(job.pk)
    return job


@transaction.atomic
def cancel_job(job: Job, *, by: Actor) -> None:
    """Ask a job to stop: a waiting one ends now, a running one at its next checkpoint; what it stored stays."""
    if not Job.objects.filter(pk=job.pk, state__in=OPEN).update(cancel_asked=True):
        raise QunyingError(_("This job has ended already; there is nothing to stop."))
    write_act(CANCEL, by=by, subject_type="job", subject_id=job.pk)
    idle = Job.objects.filter(pk=job.pk, state=Job.State.WAITING, claimed_until__isnull=True)
    idle.update(state=Job.State.CANCELLED, ended_at=timezone.now())
    job.refresh_from_db()


def enqueue(job_id: int) -> None:
    """Hand the next step to a worker once the running transaction has committed."""
    transaction.on_commit(lambda: async_task("qunying.ground.jobs.tasks.step", job_id, cluster="bulk"))


def take_step(job_id: int) -> bool:
    """Do one step of at most about ten seconds; whether there is more to do."""
    turn = claim(job_id)
    if turn is None:
        return False
    more = _work(turn)
    if more:
        enqueue(job_id)
    return more


def run_to_end(job: Job, *, on_progress: Callable[[Job], None] | None = None) -> Job:
    """Do the whole job in this process, or watch another that holds it; the job as it ended.

    Raises QunyingError with the job's own sentence where it failed.
    """
    while job.state in OPEN:
        turn = claim(job.pk, seconds=None)
        if turn is None:
            time.sleep(_WATCH_SECONDS)
        else:
            turn.on_progress = on_progress
            _work(turn)
        job.refresh_from_db()
        if on_progress is not None:
            on_progress(job)
    if job.state == Job.State.FAILED:
        raise QunyingError(job.error)
    return job


def pick_up_stuck() -> list[int]:
    """Hand open jobs that nobody holds to a worker again; their ids. Safe to run at any time, by anyone."""
    now = timezone.now()
    free = Job.objects.filter(state__in=OPEN, created_at__lt=now - _STALE)
    ids = list(free.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)).values_list("pk", flat=True))
    for job_id in ids:
        enqueue(job_id)
    return ids


def _work(turn: Turn) -> bool:
    """One turn's work; whether there is more to do."""
    if turn.job.cancel_asked:
        return _end(turn, Job.State.CANCELLED)
    if turn.job.attempts > MOST_ATTEMPTS:
        return _end(turn, Job.State.FAILED, error=_given_up(turn.job))
    try:
        with calm_collector():
            finished = job_kind(turn.job.kind).step(turn)
    except (CancelAskedError, LostTurnError):
        # Where the turn was lost, ending changes nothing: the job carries another token.
        return _end(turn, Job.State.CANCELLED)
    except QunyingError as error:
        return _end(turn, Job.State.FAILED, error=str(error))
    except Exception:  # noqa: BLE001 - whatever it is, the job goes on from its checkpoint, or is given up with it
        return _stumble(turn)
    return _end(turn, Job.State.DONE) if finished else _release(turn)


def _given_up(job: Job) -> str:
    return _("The job stopped %(times)d times at the same place and was given up. Last error: %(error)s") % {
        "times": MOST_ATTEMPTS,
        "error": job.error or "—",
    }


def _end(turn: Turn, state: Job.State, *, error: str = "") -> bool:
    held = Job.objects.filter(pk=turn.job.pk, claimed_until=turn.token)
    held.update(state=state, error=error, claimed_until=None, ended_at=timezone.now(), result=turn.job.result)
    return False


def _release(turn: Turn) -> bool:
    Job.objects.filter(pk=turn.job.pk, claimed_until=turn.token).update(claimed_until=None)
    return True


def _stumble(turn: Turn) -> bool:
    """After a fault: try again a little later, from the last checkpoint, until the attempts are used up."""
    _log.exception("job %s stopped", turn.job.pk)
    later = timezone.now() + _PAUSE * turn.job.attempts
    last = traceback.format_exc().strip().splitlines()[-1]
    Job.objects.filter(pk=turn.job.pk, claimed_until=turn.token).update(claimed_until=later, error=last)
    return False
