"""Long work in claimed turns: one process at a time, nothing lost when one dies."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.models import OrmQ

from qunying.ground.audit.models import Act
from qunying.ground.jobs.kinds import job_kind, register_kind
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.queries import get_job_for
from qunying.ground.jobs.services import (
    MOST_ATTEMPTS,
    cancel_job,
    pick_up_stuck,
    run_to_end,
    start_job,
    take_step,
)
from qunying.ground.jobs.turns import LostTurnError, claim
from qunying.kit.errors import NotFoundError, QunyingError
from tests.support.imports import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.jobs.turns import Turn
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)


def count_to_three(turn: Turn) -> bool:
    """A kind that counts one further in each step."""
    at: int = turn.job.checkpoint.get("at", 0) + 1
    with transaction.atomic():
        turn.save(checkpoint={"at": at}, done=at, total=3)
    turn.tell()
    turn.job.result = {"at": at}
    return at == 3


def fail(turn: Turn) -> bool:
    raise ZeroDivisionError


def refuse(turn: Turn) -> bool:
    raise QunyingError("This is refused.")


@pytest.fixture(autouse=True)
def kinds() -> None:
    for step in (count_to_three, fail, refuse):
        register_kind(step.__name__, step, label=_("Rows"))


def begin(kind: Callable[[Turn], bool] = count_to_three, *, queue: bool = False) -> Job:
    return start_job(kind.__name__, checkpoint={}, by=TESTS, queue=queue)


def test_a_job_is_handed_to_the_bulk_cluster_after_commit_and_steps_follow_one_another() -> None:
    with transaction.atomic():
        job = begin(queue=True)
        assert OrmQ.objects.count() == 0
    assert [task.key for task in OrmQ.objects.all()] == ["bulk"]
    assert [take_step(job.pk), take_step(job.pk), take_step(job.pk), take_step(job.pk)] == [True, True, False, False]
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result, job.claimed_until) == ("done", 3, 3, {"at": 3}, None)
    assert OrmQ.objects.count() == 3


def test_run_to_end_does_everything_here_and_tells_how_far_it_is() -> None:
    heard: list[int] = []
    job = run_to_end(begin(), on_progress=lambda job: heard.append(job.done))
    assert (job.state, heard) == ("done", [1, 1, 2, 2, 3, 3])


def test_only_one_of_two_processes_gets_the_turn() -> None:
    job = begin()
    first = claim(job.pk)
    assert first is not None
    assert (claim(job.pk), take_step(job.pk)) == (None, False)


def test_a_process_that_lost_its_turn_cannot_write_any_more() -> None:
    job = begin()
    first = claim(job.pk)
    assert first is not None
    Job.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    second = claim(job.pk)
    assert second is not None
    with pytest.raises(LostTurnError), transaction.atomic():
        first.save(checkpoint={"at": 9}, done=9)
    second.save(checkpoint={"at": 1}, done=1)
    assert Job.objects.get().checkpoint == {"at": 1}


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_checkpoint() -> None:
    waiting = begin()
    cancel_job(waiting, by=TESTS)
    assert waiting.state == "cancelled"
    running = begin()
    turn = claim(running.pk)
    assert turn is not None
    cancel_job(running, by=TESTS)
    assert running.state == "running"
    Job.objects.filter(pk=running.pk).update(claimed_until=None)
    assert take_step(running.pk) is False
    running.refresh_from_db()
    assert (running.state, running.checkpoint) == ("cancelled", {})
    with pytest.raises(QunyingError, match="ended already"):
        cancel_job(running, by=TESTS)
    assert Act.objects.filter(verb="jobs.cancel").count() == 2


def test_a_refusal_fails_the_job_with_its_own_sentence() -> None:
    job = begin(refuse)
    with pytest.raises(QunyingError, match=r"^This is refused\.$"):
        run_to_end(job)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == ("failed", "This is refused.", 1)


def test_a_fault_is_tried_again_a_few_times_and_then_given_up() -> None:
    job = begin(fail)
    for _attempt in range(MOST_ATTEMPTS + 1):
        Job.objects.update(claimed_until=None)
        take_step(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", MOST_ATTEMPTS + 1)
    assert job.error.endswith("Last error: ZeroDivisionError")


def test_jobs_whose_process_died_are_picked_up_again() -> None:
    dead, alive, fresh = begin(), begin(), begin()
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.exclude(pk=fresh.pk).update(created_at=long_ago, state="running")
    Job.objects.filter(pk=dead.pk).update(claimed_until=long_ago)
    Job.objects.filter(pk=alive.pk).update(claimed_until=timezone.now() + timedelta(seconds=30))
    assert pick_up_stuck() == [dead.pk]
    assert OrmQ.objects.count() == 1


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(QunyingError, match="jobs of the kind “knit”"):
        job_kind("knit")


def test_a_job_outside_ones_unit_does_not_exist(units: Units, specialist: Staff, outsider: Staff) -> None:
    job = start_job("count_to_three", checkpoint={}, by=specialist, unit=units.shop, queue=False)
    assert get_job_for(specialist, job.pk) == job
    with pytest.raises(NotFoundError):
        get_job_for(outsider, job.pk)
