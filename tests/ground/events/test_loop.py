"""The loop moves every follower and does its chores while it holds the lease."""

from __future__ import annotations

from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from qunying.ground.audit.models import Act, Seal
from qunying.ground.events import loop
from qunying.ground.events.leases import hold_lease
from qunying.ground.events.models import Lease

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db(transaction=True)


def run_until(done: Flag) -> Thread:
    def run() -> None:
        loop.run_loop(done)
        connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_it_seals_the_acts_and_gives_the_lease_back(community: Community) -> None:
    assert Act.objects.filter(subject_id=str(community.pk)).exists()
    stop = Flag()
    thread = run_until(stop)
    for _tick in range(100):
        if Seal.objects.count() == Act.objects.count():
            break
        stop.wait(0.1)
    stop.set()
    thread.join(10)
    assert Seal.objects.count() == Act.objects.count()
    assert not Lease.objects.exists()


def test_it_waits_while_another_process_holds_the_lease(community: Community) -> None:
    assert hold_lease(loop.LEASE, holder="another")
    stop = Flag()
    thread = run_until(stop)
    stop.wait(1)
    stop.set()
    thread.join(10)
    assert (Seal.objects.count(), Lease.objects.get().holder) == (0, "another")


def test_a_failing_chore_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ValueError

    for chore in (loop.Chore(fail, 1), loop.Chore(lambda: done.append("done"), 1)):
        chore.run_if_due()
        chore.run_if_due()
    assert done == ["done"]
    assert len(caplog.records) == 1
