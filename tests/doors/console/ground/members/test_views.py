"""Pages of members: who sees them, what they show, what they cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.actors import System
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.services import ensure_group
from qunying.ground.members.services import Who
from qunying.ground.members.services_private import set_private_field
from qunying.ground.members.services_tags import tag_members
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
TESTS = System("tests")
LIST = "/communities/flowers/members/"


def shown(client: Client, query: str = "") -> list[str]:
    return [str(row.member) for row in client.get(f"{LIST}{query}").context["rows"]]


@pytest.mark.parametrize("page", ["", "timeline/"])
def test_for_an_outsider_a_member_does_not_exist(
    client_for: SignIn, outsider: Staff, xiaomei: Member, page: str
) -> None:
    client = client_for(outsider)
    assert (client.get(f"/members/{xiaomei.pk}/{page}").status_code, client.get(LIST).status_code) == (404, 404)


def test_everyone_who_may_see_members_sees_them(
    client_for: SignIn, lead: Staff, specialist: Staff, reviewer: Staff, xiaomei: Member
) -> None:
    for staff in (lead, specialist, reviewer):
        client = client_for(staff)
        assert (shown(client), client.get(f"/members/{xiaomei.pk}/").status_code) == (["小美"], 200)


def test_what_one_may_not_do_is_not_offered(client_for: SignIn, lead: Staff, reviewer: Staff, xiaomei: Member) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    offers = ("/export/", "/bulk/", "/imports/new/"), ("/rename/", "/unmask/", "/private/")
    for staff, expected in ((lead, True), (reviewer, False)):
        client = client_for(staff)
        pages = client.get(LIST).content.decode(), client.get(f"/members/{xiaomei.pk}/").content.decode()
        found = {offer in page for page, wanted in zip(pages, offers, strict=True) for offer in wanted}
        assert found == ({True} if expected else {False, True})
        assert ("data-bulk-bar" in pages[0], "/rename/" in pages[1]) == (expected, expected)


def test_a_whole_value_is_never_on_the_page(client_for: SignIn, lead: Staff, xiaomei: Member) -> None:
    set_private_field(xiaomei, name="phone", value="13800138000", by=lead)
    page = client_for(lead).get(f"/members/{xiaomei.pk}/").content.decode()
    assert ("138****8000" in page, "13800138000" in page) == (True, False)


def test_filters_narrow_and_broken_ones_do_not(client_for: SignIn, lead: Staff, members: list[Member]) -> None:
    tag, _fresh = tag_members([members[1].pk], dimension="城市", name="杭州", by=TESTS)
    client = client_for(lead)
    assert shown(client, f"?tag={tag.pk}") == ["阿强"]
    assert shown(client, "?q=小&order=name") == ["小丽", "小美"]
    assert shown(client, "?state=left") == []
    assert shown(client, "?joined_from=2026-01-06") == []
    assert shown(client, "?order=-name") == shown(client, "?order=name")[::-1]
    nonsense = "?tag=x&group=-1&state=maybe&marked=?&joined_from=soon&seen=in8&order=up&page=99"
    assert len(shown(client, nonsense)) == 3


def test_the_list_sorts_by_the_last_act_and_the_newest_come_first(
    client_for: SignIn, lead: Staff, members: list[Member], community: Community
) -> None:
    def add(kind: str, who: str, days: int) -> None:
        record([Fact(kind, JOINED + timedelta(days=days), (kind, who), who=Who("wechat", who))],
               community=community, source="tests")  # fmt: skip

    add("spoke", "xiaomei", 40)
    add("spoke", "aqiang", 2)
    add("joined", "laowang", 5)
    client = client_for(lead)
    assert shown(client, "?order=-last")[:2] == ["小美", "阿强"]
    assert shown(client, "?order=last")[:2] == ["阿强", "小美"]
    assert shown(client)[0].startswith("#")  # who came without a name


def test_each_filter_is_a_chip_with_a_way_out(client_for: SignIn, lead: Staff, xiaomei: Member) -> None:
    tag, _fresh = tag_members([xiaomei.pk], dimension="城市", name="杭州", by=TESTS)
    group = xiaomei.identities.get().memberships.get().group_id
    query = f"?q=小&tag={tag.pk}&group={group}&state=present&seen=not30&joined_from=2026-01-01"
    chips = client_for(lead, "en").get(f"{LIST}{query}").context["chips"]
    assert [(chip.label, chip.value) for chip in chips] == [
        ("Search", "小"),
        ("Group", "花友一群"),
        ("", "In the community now"),
        ("Joined from", "Thu 1 Jan 2026"),
        ("", "Silent for 30 days"),
        ("Tag", "城市：杭州"),
    ]
    assert [chip.off.count("=") for chip in chips] == [5] * 6


def test_nobody_there_offers_an_import_only_to_those_who_may(
    client_for: SignIn, lead: Staff, reviewer: Staff, community: Community
) -> None:
    for staff, expected in ((lead, True), (reviewer, False)):
        assert ("/imports/new/" in client_for(staff).get(LIST).content.decode()) == expected


def test_the_list_costs_the_same_with_one_and_three(
    client_for: SignIn, lead: Staff, xiaomei: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(lead)
    client.get(LIST)
    with django_assert_num_queries(14):
        client.get(LIST)
    group = xiaomei.identities.get().memberships.get().group
    for number in range(2):
        fact = Fact("joined", JOINED, ("more", number), who=Who("wechat", f"m{number}"), group_id=group.pk)
        record([fact], community=group.community, source="tests")
    tag_members([xiaomei.pk], dimension="城市", name="杭州", by=TESTS)
    ensure_group(group.community, name="花友二群", platform="wechat", by=TESTS)
    with django_assert_num_queries(14):
        assert len(client.get(LIST).context["rows"]) == 3


def test_the_page_of_one_costs_the_same_with_one_fact_and_three(
    client_for: SignIn,
    lead: Staff,
    xiaomei: Member,
    community: Community,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(lead)
    client.get(f"/members/{xiaomei.pk}/")
    with django_assert_num_queries(31):
        client.get(f"/members/{xiaomei.pk}/")
    for number in range(3):
        said = Fact("spoke", JOINED + timedelta(hours=number), ("s", number), who=Who("wechat", "xiaomei"), text="早")
        record([said], community=community, source="tests")
    with django_assert_num_queries(31):
        assert len(client.get(f"/members/{xiaomei.pk}/").context["happenings"]) == 4


def test_the_timeline_shows_words_only_of_ones_own_communities(
    client_for: SignIn, lead: Staff, xiaomei: Member, other_community: Community
) -> None:
    said = Fact("spoke", JOINED, ("elsewhere",), who=Who("wechat", "xiaomei"), text="别处的话")
    record([said], community=other_community, source="tests")
    assert "别处的话" not in client_for(lead).get(f"/members/{xiaomei.pk}/").content.decode()


@pytest.mark.parametrize("place", ["", "x", "2026-01-01~1", "2026-01-01T00:00:00+00:00~x"])
def test_the_timeline_forgives_a_broken_place(client_for: SignIn, lead: Staff, xiaomei: Member, place: str) -> None:
    assert client_for(lead).get(f"/members/{xiaomei.pk}/timeline/", {"before": place}).status_code == 200
