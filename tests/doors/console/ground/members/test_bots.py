"""The page of those who may be bots: what speaks for it, marked or denied by a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
PAGE = "/communities/flowers/members/bots/"


def add(community: Community, name: str, *, times: int = 6) -> Member:
    facts = [
        Fact("spoke", JOINED + timedelta(minutes=17 * number), (name, number), who=Who("irc", name, name),
             payload={"form": "notice"}, text="...") for number in range(times)
    ]  # fmt: skip
    record(facts, community=community, source="tests")
    return Member.objects.get(display_name=name)


def test_each_stands_with_what_speaks_for_it(client_for: SignIn, lead: Staff, group: Group) -> None:
    add(group.community, "newsbot")
    client = client_for(lead, "en")
    [row] = client.get(PAGE).context["rows"]
    assert (row.suspect.name, row.reasons) == (
        "newsbot",
        [
            "Bots bear names like this.",
            "6 of the last 6 messages are notices, the way in which programs speak.",
        ],
    )
    assert 'href="/communities/flowers/members/bots/"' in client.get("/communities/flowers/members/").content.decode()


def test_a_person_marks_them_and_can_take_it_back(client_for: SignIn, lead: Staff, group: Group) -> None:
    bot, client = add(group.community, "newsbot"), client_for(lead, "en")
    client.post("/communities/flowers/members/bulk/", {"act": "mark_bot", "ids": [bot.pk]})
    assert "Nobody looks like a bot" in client.get(PAGE).content.decode()
    client.post("/communities/flowers/members/undo/")
    assert len(client.get(PAGE).context["rows"]) == 1


def test_who_is_said_to_be_a_person_does_not_come_again(client_for: SignIn, lead: Staff, group: Group) -> None:
    person, client = add(group.community, "abbot"), client_for(lead, "en")
    page = client.post(f"{PAGE}deny/", {"ids": [person.pk]}, follow=True)
    assert "1 member is a person and is not suggested again." in page.content.decode()
    assert page.context["rows"] == []
    refused = client.post(f"{PAGE}deny/", follow=True)
    assert "No member is chosen" in refused.content.decode()


def test_the_page_costs_the_same_with_one_and_three(
    client_for: SignIn, lead: Staff, group: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(lead)
    add(group.community, "onebot")
    client.get(PAGE)
    with django_assert_num_queries(9):
        client.get(PAGE)
    for name in ("twobot", "threebot"):
        add(group.community, name)
    with django_assert_num_queries(9):
        assert len(client.get(PAGE).context["rows"]) == 3
