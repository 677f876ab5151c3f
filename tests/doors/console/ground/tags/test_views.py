"""The page of dimensions and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.members.models import Tag, TagDimension
from qunying.ground.members.services_tags import tag_members
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db


def shown(client: Client, query: str = "") -> list[tuple[str, int]]:
    aspects = client.get(f"/tags/{query}").context["aspects"]
    return [(row.tag.name, row.members) for _label, cards in aspects for card in cards for row in card.tags]


def test_an_empty_page_offers_what_ships(client_for: SignIn, director: Staff) -> None:
    client = client_for(director)
    assert "/tags/ship/" in client.get("/tags/").content.decode()
    client.post("/tags/ship/")
    assert (TagDimension.objects.count(), "/tags/ship/" in client.get("/tags/").content.decode()) == (18, False)


def test_only_tags_of_ones_own_members_are_seen_with_their_number(
    client_for: SignIn, director: Staff, lead: Staff, outsider: Staff, members: list[Member]
) -> None:
    tag_members([one.pk for one in members[:2]], dimension="城市", name="杭州", by=TESTS)
    assert [shown(client_for(staff)) for staff in (director, lead, outsider)] == [[("杭州", 2)], [("杭州", 2)], []]


def test_words_are_changed_by_those_who_answer_for_everyone(
    client_for: SignIn, director: Staff, lead: Staff, members: list[Member]
) -> None:
    tag, _fresh = tag_members([members[0].pk], dimension="城市", name="杭洲", by=TESTS)
    right, _fresh = tag_members([members[1].pk], dimension="城市", name="杭州", by=TESTS)
    assert client_for(lead).post(f"/tags/{tag.pk}/", {"act": "archive"}).status_code == 403
    client = client_for(director)
    client.post(f"/tags/{tag.pk}/", {"act": "merge", "into": right.pk})
    client.post(f"/tags/{right.pk}/", {"act": "rename", "name": "杭州市"})
    client.post(f"/tags/dimensions/{right.dimension_id}/", {"act": "add", "name": "上海"})
    assert shown(client) == [("杭州市", 2), ("上海", 0)]
    client.post(f"/tags/{right.pk}/", {"act": "archive"})
    assert (shown(client), len(shown(client, "?archived=1"))) == ([("上海", 0)], 2)


@pytest.mark.parametrize("posted", [{}, {"act": "merge", "into": "x"}, {"act": "rename", "name": " "}])
def test_nonsense_is_answered_in_words(client_for: SignIn, director: Staff, posted: dict[str, str]) -> None:
    tag = Tag.objects.create(dimension=TagDimension.objects.create(name="试"), name="一")
    client = client_for(director)
    client.post(f"/tags/{tag.pk}/", posted)
    assert [str(told.level_tag) for told in client.get("/tags/").context["messages"]] == ["error"]


def test_the_page_costs_the_same_with_one_tag_and_three(
    client_for: SignIn, lead: Staff, xiaomei: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(lead)
    for names in (["杭州"], ["上海", "北京"]):
        for name in names:
            tag_members([xiaomei.pk], dimension="城市", name=name, by=TESTS)
        client.get("/tags/")
        with django_assert_num_queries(16):
            client.get("/tags/")


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_with_one_dimension_and_three(
    client_for: SignIn, lead: Staff, xiaomei: Member, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for number in range(many):
        tag_members([xiaomei.pk], dimension=f"维度{number}", name="有", by=TESTS)
    client = client_for(lead)
    client.get("/tags/")
    with django_assert_num_queries(16):
        aspects = client.get("/tags/").context["aspects"]
    assert sum(len(cards) for _label, cards in aspects) == many
