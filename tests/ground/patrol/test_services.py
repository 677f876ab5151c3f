"""Faults open when a look sees them, stand while it does, and close when it no longer does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from qunying.ground.jobs.models import Job
from qunying.ground.patrol.checks import Result, State, all_checks, examine
from qunying.ground.patrol.models import Fault, Patrol
from qunying.ground.patrol.queries import not_ready, open_faults, past_faults
from qunying.ground.patrol.services import make_round, note_faults, watch

pytestmark = pytest.mark.django_db


def result(state: State, **values: object) -> Result:
    return Result("jobs", state, {"told": "some", **values})


def test_a_fault_opens_once_moves_on_and_closes() -> None:
    note_faults([result(State.WARNING, count=1)])
    note_faults([result(State.BAD, count=2)])
    [fault] = open_faults()
    assert (fault.check_name, fault.state, fault.values["count"]) == ("jobs", "bad", 2)
    note_faults([result(State.WELL)])
    assert (open_faults().count(), past_faults().count()) == (0, 1)
    note_faults([result(State.WARNING, count=1)])
    assert (open_faults().count(), past_faults().count()) == (1, 1)


def test_what_was_not_looked_at_changes_nothing() -> None:
    note_faults([result(State.WARNING, count=1)])
    note_faults([])
    assert open_faults().count() == 1


def test_a_round_holds_every_check_and_is_made_once_a_day() -> None:
    watch()
    watch()
    patrol = Patrol.objects.get()
    assert [row["check"] for row in patrol.results] == [check.name for check in all_checks()]


def test_a_failed_job_is_told_with_its_remedy() -> None:
    Job.objects.create(kind="import", actor="system:tests", state=Job.State.FAILED, ended_at=timezone.now())
    [found] = [one for one in examine(slow=False) if one.check == "jobs"]
    assert (found.state, found.words) == (State.WARNING, "1 failed since yesterday")
    assert found.remedy == "Open the page of jobs: each failed one says why."


def wait(cluster: str, since: timedelta, count: int = 1) -> None:
    at = timezone.now() - since
    OrmQ.objects.bulk_create([OrmQ(key=cluster, payload="", lock=at) for _task in range(count)])


def queue_now() -> Result:
    return next(one for one in examine(slow=False) if one.check == "queue")


def test_a_queue_nobody_works_off_is_told_by_its_cluster() -> None:
    wait("fast", timedelta(minutes=4), 3)
    wait("bulk", timedelta(minutes=59))
    wait("bulk", timedelta(seconds=-30))
    assert (queue_now().state, queue_now().words) == (State.WELL, "4 waiting")
    wait("fast", timedelta(minutes=6))
    assert (queue_now().state, queue_now().words) == (
        State.BAD,
        "4 wait for the workers “fast”, the oldest for 6 minutes",
    )
    assert queue_now().remedy.startswith("Look whether “qunying worker” runs")
    wait("bulk", timedelta(minutes=61))
    assert queue_now().words == "2 wait for the workers “bulk”, the oldest for 61 minutes"


def test_a_long_queue_that_moves_is_only_a_warning() -> None:
    wait("bulk", timedelta(minutes=1), 1001)
    assert (queue_now().state, queue_now().words) == (State.WARNING, "1001 waiting")


def test_every_sentence_of_every_check_can_be_said() -> None:
    values = dict.fromkeys(
        ("home", "path", "engine", "count", "gb", "percent", "host", "days", "reason", "seconds", "name", "hours"), 1
    )
    values |= dict.fromkeys(("key", "old", "waiting", "sentence", "cluster", "minutes", "ill"), 1)
    for check in all_checks():
        for told in check.told:
            one = Result(check.name, State.BAD, {"told": told, **values})
            assert one.words
            assert (told in check.remedy) == bool(one.remedy), (check.name, told)


def test_remedies_belong_to_sentences() -> None:
    assert [check.name for check in all_checks() if set(check.remedy) - set(check.told)] == []


def test_a_check_that_fails_is_a_finding_and_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from qunying.ground.patrol import checks  # noqa: PLC0415 - its registry is changed here

    broken = checks.Check("clock", all_checks()[0].label, lambda: 1 / 0, {}, {})  # type: ignore[arg-type, return-value]
    monkeypatch.setitem(checks._checks, "clock", broken)
    found = {one.check: one for one in examine(slow=False)}
    assert (found["clock"].state, found["clock"].words) == (State.BAD, "ZeroDivisionError")
    assert "backup" in found


def test_it_is_ready_where_nothing_is_behind() -> None:
    assert not_ready() == []


def test_old_rounds_and_faults_go() -> None:
    make_round()
    Patrol.objects.update(at="2020-01-01T00:00:00Z")
    Fault.objects.update(closed_at="2020-01-01T00:00:00Z")
    make_round()
    assert Patrol.objects.count() == 1
    assert past_faults().count() == 0
