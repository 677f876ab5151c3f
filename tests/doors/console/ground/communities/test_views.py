"""Pages of communities and groups: who sees them, what they change, what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.actors import System
from qunying.ground.groups.models import Community, Group
from qunying.ground.groups.services import create_community, ensure_group

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
TESTS = System("tests")
PAGES = ("groups/", "settings/", "groups/new/")


@pytest.mark.parametrize("page", PAGES)
def test_for_an_outsider_the_community_does_not_exist(
    client_for: SignIn, outsider: Staff, community: Community, page: str
) -> None:
    assert client_for(outsider).get(f"/communities/flowers/{page}").status_code == 404


@pytest.mark.parametrize("page", ["settings/", "groups/new/"])
def test_who_may_only_look_may_not_change(client_for: SignIn, reviewer: Staff, community: Community, page: str) -> None:
    answer = client_for(reviewer, "en").get(f"/communities/flowers/{page}")
    assert (answer.status_code, "Ask the lead of the unit" in answer.content.decode()) == (403, True)


def test_a_visitor_is_sent_to_sign_in(client: Client, community: Community) -> None:
    assert client.get("/communities/flowers/groups/").status_code == 302


def test_the_list_holds_ones_own_communities(
    client_for: SignIn, lead: Staff, community: Community, other_community: Community
) -> None:
    page = client_for(lead).get("/communities/").content.decode()
    assert ("花友会" in page, "水果群" in page) == (True, False)


def test_the_list_is_searched(
    client_for: SignIn, director: Staff, community: Community, other_community: Community
) -> None:
    page = client_for(director).get("/communities/?q=水果").content.decode()
    assert ('href="/communities/flowers/groups/"' in page, 'href="/communities/fruit/groups/"' in page) == (False, True)


def test_who_came_for_the_members_is_led_on_to_them(
    client_for: SignIn, director: Staff, lead: Staff, community: Community, other_community: Community
) -> None:
    page = client_for(director, "en").get("/communities/?to=members").content.decode()
    assert ("Which one?" in page, 'href="/communities/flowers/members/">花友会' in page) == (True, True)
    assert "Which one?" not in client_for(director, "en").get("/communities/?to=elsewhere").content.decode()
    only = client_for(lead).get("/communities/?to=members")
    assert (only.status_code, only["Location"]) == (302, "/communities/flowers/members/")


def test_the_list_costs_the_same_with_one_and_three(
    client_for: SignIn,
    lead: Staff,
    units: Units,
    community: Community,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(lead)
    client.get("/communities/")
    with django_assert_num_queries(6):
        client.get("/communities/")
    for number in (2, 3):
        create_community(f"flowers-{number}", name=f"花友会{number}", unit=units.shop, by=TESTS)
    with django_assert_num_queries(6):
        client.get("/communities/")


def test_groups_cost_the_same_with_one_and_three(
    client_for: SignIn,
    lead: Staff,
    group: Group,
    members: list[Member],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(lead)
    client.get("/communities/flowers/groups/")
    with django_assert_num_queries(10):
        client.get("/communities/flowers/groups/")
    for name in ("花友二群", "花友三群"):
        ensure_group(group.community, name=name, platform="wechat", by=TESTS)
    with django_assert_num_queries(10):
        client.get("/communities/flowers/groups/")


def test_an_empty_list_offers_the_first_step(client_for: SignIn, lead: Staff, reviewer: Staff) -> None:
    assert "/new-community/" in client_for(lead).get("/communities/").content.decode()
    assert "/new-community/" not in client_for(reviewer).get("/communities/").content.decode()


def test_a_community_is_made_in_ones_own_unit(client_for: SignIn, lead: Staff, units: Units) -> None:
    given = {
        "name": "玫瑰会", "slug": "roses", "kind": "product", "unit": units.shop.pk,
        "timezone": "Asia/Shanghai", "currency": "CNY", "introduction": "",
    }  # fmt: skip
    client = client_for(lead)
    assert client.post("/new-community/", given | {"unit": units.south.pk, "slug": "far"}).status_code == 400
    assert client.post("/new-community/", given).status_code == 302
    assert [(row.slug, row.unit) for row in Community.objects.all()] == [("roses", units.shop)]
    again = client_for(lead, "en").post("/new-community/", given)
    assert (again.status_code, "“roses” already" in again.content.decode()) == (400, True)


def test_who_leads_nothing_makes_nothing(client_for: SignIn, specialist: Staff) -> None:
    assert client_for(specialist).get("/new-community/").status_code == 403


def test_settings_change_the_community_and_keep_its_zone_once_there_are_facts(
    client_for: SignIn, lead: Staff, units: Units, xiaomei: Member
) -> None:
    given = {
        "name": "花友之家",
        "kind": "customer",
        "unit": units.shop.pk,
        "timezone": "Asia/Tokyo",
        "introduction": "好",
    }
    assert client_for(lead).post("/communities/flowers/settings/", given).status_code == 302
    stored = Community.objects.get(slug="flowers")
    assert (stored.name, stored.timezone, stored.introduction) == ("花友之家", "Asia/Shanghai", "好")


def test_an_empty_community_can_move_to_another_zone(
    client_for: SignIn, lead: Staff, units: Units, community: Community
) -> None:
    given = {"name": "花友会", "kind": "customer", "unit": units.shop.pk, "timezone": "Asia/Tokyo", "introduction": ""}
    client_for(lead).post("/communities/flowers/settings/", given)
    assert Community.objects.get(slug="flowers").timezone == "Asia/Tokyo"


def test_a_group_is_made_and_changed(client_for: SignIn, lead: Staff, community: Community) -> None:
    client = client_for(lead, "en")
    given = {"name": "花友一群", "platform": "wechat", "kind": "core", "capacity": 150, "announcement": ""}
    assert client.post("/communities/flowers/groups/new/", given).status_code == 302
    again = client.post("/communities/flowers/groups/new/", given)
    assert (again.status_code, "already" in again.content.decode()) == (400, True)
    made = Group.objects.get()
    assert (
        client.post(f"/communities/flowers/groups/{made.pk}/", given | {"name": "老群", "capacity": 200}).status_code
        == 302
    )
    made.refresh_from_db()
    assert (made.name, made.capacity, made.platform) == ("老群", 200, "wechat")


def test_a_group_of_another_community_is_not_reached(
    client_for: SignIn, director: Staff, community: Community, other_community: Community
) -> None:
    other = ensure_group(other_community, name="水果一群", platform="wechat", by=TESTS)
    assert client_for(director).get(f"/communities/flowers/groups/{other.pk}/").status_code == 404


def test_a_nearly_full_group_is_marked_in_words(
    client_for: SignIn, lead: Staff, group: Group, members: list[Member]
) -> None:
    Group.objects.update(capacity=3)
    assert "Full" in client_for(lead, "en").get("/communities/flowers/groups/").content.decode()


def test_groups_are_filtered_by_platform(client_for: SignIn, lead: Staff, group: Group) -> None:
    ensure_group(group.community, name="门店群", platform="qq", by=TESTS)
    client, address = client_for(lead, "en"), "/communities/flowers/groups/"

    def shown(query: str) -> list[str]:
        return [row.group.name for row in client.get(f"{address}{query}").context["rows"]]

    assert (shown("?platform=qq"), len(shown(""))) == (["门店群"], 2)
    page = client.get(f"{address}?platform=slack").content.decode()
    assert ("No group fits these filters" in page, 'value="qq"' in page) == (True, True)
    answer = client.get(f"{address}export/", {"platform": "qq"})
    assert len(b"".join(answer.streaming_content).decode().splitlines()) == 2
