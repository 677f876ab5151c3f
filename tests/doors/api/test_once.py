"""A request with an Idempotency-Key acts once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections

from qunying.doors.api.models import Answer
from qunying.doors.api.services import collect_answers
from qunying.ground.groups.models import Group
from qunying.plan.schedule.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

WORK = {"title": "浇花", "community": "flowers", "due": "2026-12-01"}


@pytest.mark.django_db
def test_the_same_request_gets_the_same_answer_and_acts_once(program: Program, community: Community) -> None:
    first, second = (program.post("work", WORK, Idempotency_Key="a") for _n in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.content, first["Location"]) == (second.content, second["Location"])
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    assert WorkItem.objects.count() == 1


@pytest.mark.django_db
def test_another_request_under_the_same_name_is_refused(program: Program, community: Community) -> None:
    program.post("work", WORK, Idempotency_Key="a")
    other = program.post("work", WORK | {"title": "换水"}, Idempotency_Key="a")
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert WorkItem.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_is_kept_too_and_leaves_nothing_behind(program: Program, community: Community) -> None:
    bad = {"name": "新群", "platform": "wechat", "kind": "general", "capacity": 0}
    answers = [program.post("communities/flowers/groups", bad, Idempotency_Key="b") for _n in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert Group.objects.count() == 0


@pytest.mark.django_db
def test_two_keys_may_use_the_same_name(
    program: Program, director: Staff, units: Units, community: Community, make_program: Callable[..., Program]
) -> None:
    other = make_program(director, units.headquarters)
    assert [one.post("work", WORK, Idempotency_Key="a").status_code for one in (program, other)] == [201, 201]
    assert WorkItem.objects.count() == 2


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day(program: Program, community: Community) -> None:
    program.post("work", WORK, Idempotency_Key="a")
    kept = Answer.objects.get()
    Answer.objects.update(given_at=kept.given_at - timedelta(hours=25))
    assert program.post("work", WORK, Idempotency_Key="a").status_code == 201
    assert WorkItem.objects.count() == 2
    Answer.objects.update(given_at=kept.given_at - timedelta(hours=25))
    assert (collect_answers(), Answer.objects.count()) == (1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [" ", "x" * 101, "\x7f"])
def test_a_name_that_is_none_is_refused(name: str, program: Program, community: Community) -> None:
    assert program.post("work", WORK, Idempotency_Key=name).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_act_once(program: Program, community: Community) -> None:
    statuses: list[int] = []

    def send() -> None:
        statuses.append(program.post("work", WORK, Idempotency_Key="a").status_code)
        connections.close_all()

    threads = [threading.Thread(target=send) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 4
    assert WorkItem.objects.count() == 1
    connection.close()
