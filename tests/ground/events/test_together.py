"""What threads bring at the same moment is stored in one go, and each is told of its own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import close_old_connections, connection, transaction

from qunying.ground.events import together
from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event
from qunying.ground.events.together import Stored, record_together
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qunying.ground.groups.models import Community

    Bring = Callable[[Sequence[list[Fact]]], "list[Result]"]

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 3, 1, 10, tzinfo=UTC)
Result = Stored | Exception


def said(number: int, who: str = "a", kind: str = "spoke") -> Fact:
    whose = Who("wechat", who, who)
    return Fact(kind, START + timedelta(minutes=number), ("t", str(number)), who=whose, payload={"form": "text"})


@pytest.fixture
def bring_at_once(community: Community) -> Callable[[Sequence[list[Fact]]], list[Result]]:
    """Has a thread for each batch bring it while the turn is taken, so that all wait; what each got."""

    def one(facts: list[Fact]) -> Result:
        try:
            return record_together(facts, community=community, source="t")
        except QunyingError as error:
            return error
        finally:
            connection.close()

    def bring(batches: Sequence[list[Fact]]) -> list[Result]:
        with ThreadPoolExecutor(len(batches)) as pool:
            with together._turn:
                coming = []
                for number, batch in enumerate(batches, start=1):
                    coming.append(pool.submit(one, batch))
                    until_waiting(number)
            results = [each.result(timeout=30) for each in coming]
        close_old_connections()
        return results

    return bring


def until_waiting(number: int) -> None:
    deadline = time.monotonic() + 20
    while len(together._waiting) < number:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def counts(results: list[Result]) -> list[tuple[int, int]]:
    return [(len(one.by_digest), one.members_new) for one in results if isinstance(one, Stored)]


def test_they_share_one_transaction_and_each_is_told_of_its_own(bring_at_once: Bring) -> None:
    results = bring_at_once([[said(1, "a")], [said(2, "b"), said(3, "a")], [said(4, "b")]])
    assert sorted(counts(results)) == [(1, 0), (1, 1), (2, 1)]
    told = [pk for one in results if isinstance(one, Stored) for pk in one.by_digest.values()]
    assert sorted(told) == list(Event.objects.order_by("pk").values_list("pk", flat=True))
    assert Event.objects.values("recorded_at").distinct().count() == 1
    assert Member.objects.filter(identities__platform="wechat").count() == 2


def test_a_fact_that_two_bring_is_stored_by_the_first(bring_at_once: Bring) -> None:
    assert counts(bring_at_once([[said(1)], [said(1)], [said(1), said(1)]])) == [(1, 1), (0, 0), (0, 0)]
    assert Event.objects.count() == 1


def test_nobody_answers_for_the_fault_of_another(bring_at_once: Bring) -> None:
    results = bring_at_once([[said(1)], [said(2, kind="flew")], [said(3)]])
    assert [type(one) for one in results] == [Stored, QunyingError, Stored]
    assert Event.objects.count() == 2


def test_a_transaction_does_not_grow_without_end(bring_at_once: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "_MOST", 3)
    results = bring_at_once([[said(1), said(2)], [said(3), said(4)], [said(5)]])
    assert [len(one.by_digest) for one in results if isinstance(one, Stored)] == [2, 2, 1]
    assert Event.objects.values("recorded_at").distinct().count() == 2


def test_within_a_transaction_it_waits_for_nobody(community: Community) -> None:
    with transaction.atomic():
        assert record_together([said(1)], community=community, source="t").members_new == 1
        transaction.set_rollback(True)
    assert Event.objects.count() == 0
