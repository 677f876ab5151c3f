"""Charges, recognitions and parts on the pages of communities and members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.groups.models import Membership, Recognition, Stewardship
from qunying.ground.groups.services_stewards import appoint_steward

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
STEWARDS = "/communities/flowers/stewards/"


def test_a_colleague_or_a_member_by_name_is_put_in_charge(
    client_for: SignIn, lead: Staff, reviewer: Staff, xiaomei: Member
) -> None:
    client = client_for(lead)
    client.post(STEWARDS, {"level": "1", "staff": str(lead.pk)})
    client.post(STEWARDS, {"level": "2", "member": "小美"})
    page = client.get("/communities/flowers/groups/")
    shown = [[str(row.member or row.staff.name) for row in rows] for _label, rows in page.context["stewards"]]
    assert (shown, STEWARDS in page.content.decode()) == ([["群主"], ["小美"], []], True)
    assert STEWARDS not in client_for(reviewer).get("/communities/flowers/groups/").content.decode()
    client.post(f"{STEWARDS}{Stewardship.objects.get(level=2).pk}/dismiss/")
    assert Stewardship.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_as_much_for_one_in_charge_as_for_three(
    client_for: SignIn,
    lead: Staff,
    community: Community,
    members: list[Member],
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    for person in members[:many]:
        appoint_steward(community, level=3, person=person, by=lead)
    client = client_for(lead)
    client.get("/communities/flowers/groups/")
    with django_assert_num_queries(10):
        page = client.get("/communities/flowers/groups/")
    assert [len(rows) for _label, rows in page.context["stewards"]] == [0, 0, many]


@pytest.mark.parametrize("posted", [{}, {"level": "1"}, {"level": "x", "member": "谁"}, {"level": "1", "staff": "0"}])
def test_nobody_is_answered_in_words(client_for: SignIn, lead: Staff, xiaomei: Member, posted: dict[str, str]) -> None:
    client = client_for(lead)
    client.post(STEWARDS, posted)
    told = client.get("/communities/flowers/groups/").context["messages"]
    assert ([one.level_tag for one in told], Stewardship.objects.count()) == (["error"], 0)


def test_what_someone_is_known_for_is_confirmed_on_their_page(
    client_for: SignIn, specialist: Staff, xiaomei: Member
) -> None:
    client = client_for(specialist, "en")
    client.post(f"/members/{xiaomei.pk}/recognise/flowers/", {"kind": "leader"})
    assert "Opinion leader" in client.get(f"/members/{xiaomei.pk}/").content.decode()
    client.post(f"/members/{xiaomei.pk}/withdraw/{Recognition.objects.get().pk}/")
    assert Recognition.objects.get().ended_at is not None


def test_a_part_in_a_group_is_changed_on_their_page(client_for: SignIn, specialist: Staff, xiaomei: Member) -> None:
    stay = Membership.objects.get(identity__member=xiaomei)
    client_for(specialist).post(f"/members/{xiaomei.pk}/role/{stay.pk}/", {"role": "admin"})
    assert Membership.objects.get(identity__member=xiaomei).role == "admin"
