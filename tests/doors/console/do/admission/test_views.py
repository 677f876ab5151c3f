"""The page of people who ask to join: what they wrote, the answers, and what it says where nobody waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.admission.models import Applicant
from qunying.do.admission.services import note_applicant, settle_applicant
from qunying.ground.groups.joining import JoinRequest
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Group

pytestmark = pytest.mark.django_db


def ask(group: Group, *names: str, words: str = "想学插花") -> None:
    for name in names:
        note_applicant(JoinRequest(group, Who(group.platform, name, name), f"r-{name}", timezone.now(), words))


@pytest.fixture
def client(client_for: Callable[..., Client], specialist: Staff) -> Client:
    return client_for(specialist, "en")


def page(client: Client) -> str:
    return client.get("/asking/").content.decode()


def test_it_shows_what_people_wrote_and_who_answered(client: Client, specialist: Staff, group: Group) -> None:
    assert "Nobody waits" in page(client)
    ask(group, "小丽", words="<b>想学插花</b>")
    assert "&lt;b&gt;想学插花" in page(client)
    settle_applicant(Applicant.objects.get(), by=specialist)
    shown = page(client)
    assert "Settled elsewhere" in shown
    assert specialist.name in shown


def test_an_answer_that_cannot_be_given_is_said_in_words(client: Client, group: Group) -> None:
    ask(group, "小丽")
    answered = client.post(f"/asking/{Applicant.objects.get().pk}/admit/", follow=True)
    assert "is tied to no account any more" in answered.content.decode()
    assert Applicant.objects.get().state == Applicant.State.WAITING


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_the_database_as_often_for_three_as_for_one(
    count: int, client: Client, group: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask(group, *"丽红蓝"[:count])
    with django_assert_num_queries(10):
        client.get("/asking/")
