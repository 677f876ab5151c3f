"""The pages on which people say who is one person and who is two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.members.models import Member
from qunying.ground.members.services_private import set_private_field
from qunying.ground.merges.models import Likeness, Merge, MergeRule
from qunying.ground.merges.services import merge_members
from qunying.ground.merges.services_looking import look_for_likenesses
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db


def same_phone(*members: Member) -> None:
    for member in members:
        set_private_field(member, name="phone", value="13800138000", by=TESTS)


def test_a_pair_stands_side_by_side_with_its_reasons_and_no_private_value(
    client_for: SignIn, lead: Staff, xiaomei: Member, aqiang: Member
) -> None:
    same_phone(xiaomei, aqiang)
    client = client_for(lead, "en")
    client.post("/merges/look/")
    page = client.get("/merges/")
    (card,) = page.context["cards"]
    assert [words for words, _against in card.reasons] == [
        "Same telephone number",
        "In 1 group together",
        "Two accounts of one platform in one group at the same time",
    ]
    assert ("13800138000" in page.content.decode(), "138****8000" in page.content.decode()) == (False, True)


def test_one_person_or_two_is_said_with_a_button(
    client_for: SignIn, lead: Staff, xiaomei: Member, aqiang: Member
) -> None:
    same_phone(xiaomei, aqiang)
    look_for_likenesses()
    client = client_for(lead, "en")
    client.post(f"/merges/likenesses/{Likeness.objects.get().pk}/dismiss/")
    client.post("/merges/look/")
    assert (client.get("/merges/").context["cards"], Likeness.objects.get().dismissed_by) == ([], lead)
    client.post(f"/merges/likenesses/{Likeness.objects.get().pk}/reopen/")
    client.post(f"/members/{xiaomei.pk}/merge/{aqiang.pk}/")
    merge = Merge.objects.get()
    assert (merge.kept, merge.absorbed, merge.by, merge.reasons[0]["why"]) == (xiaomei, aqiang, lead, "phone")
    assert client.get("/merges/").context["cards"] == []
    assert client.get(f"/members/{aqiang.pk}/").headers["Location"] == f"/members/{xiaomei.pk}/"
    client.post(f"/merges/{merge.pk}/undo/")
    assert Member.objects.get(pk=aqiang.pk).merged_into is None


def test_a_member_elsewhere_cannot_be_drawn_in(
    client_for: SignIn, lead: Staff, outsider: Staff, xiaomei: Member
) -> None:
    elsewhere = Member.objects.create(display_name="别人")
    assert client_for(lead).post(f"/members/{xiaomei.pk}/merge/{elsewhere.pk}/").status_code == 404
    assert client_for(lead).get(f"/members/{xiaomei.pk}/merge/?with={elsewhere.pk}").status_code == 404
    assert client_for(outsider).get(f"/members/{xiaomei.pk}/merge/").status_code == 404


def test_the_other_one_is_found_by_name(client_for: SignIn, lead: Staff, members: list[Member]) -> None:
    client = client_for(lead)
    page = client.get(f"/members/{members[0].pk}/merge/?q=小")
    assert [str(one) for one in page.context["found"]] == ["小丽"]
    card = client.get(f"/members/{members[0].pk}/merge/?with={members[2].pk}").context["card"]
    assert (str(card.left), str(card.right)) == ("小美", "小丽")


def test_rules_are_switched_by_those_who_answer_for_everyone(
    client_for: SignIn, director: Staff, lead: Staff, xiaomei: Member
) -> None:
    assert client_for(lead).post("/merges/rules/", {"name": "phone", "on": "1"}).status_code == 403
    client_for(director).post("/merges/rules/", {"name": "phone", "on": "1"})
    assert MergeRule.objects.get().on


def test_the_list_costs_the_same_with_one_pair_and_three(
    client_for: SignIn, lead: Staff, members: list[Member], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    same_phone(*members[:2])
    look_for_likenesses()
    client = client_for(lead)
    client.get("/merges/")
    with django_assert_num_queries(19):
        assert len(client.get("/merges/").context["cards"]) == 1
    same_phone(members[2])
    look_for_likenesses()
    with django_assert_num_queries(19):
        assert len(client.get("/merges/").context["cards"]) == 3


def test_the_page_of_a_person_tells_who_they_were(
    client_for: SignIn, lead: Staff, reviewer: Staff, xiaomei: Member, aqiang: Member
) -> None:
    merge_members(xiaomei, absorbed=aqiang, by=lead)
    for staff, offered in ((lead, True), (reviewer, False)):
        page = client_for(staff, "en").get(f"/members/{xiaomei.pk}/").content.decode()
        assert ("阿强" in page, "Tell apart again" in page) == (True, offered)
