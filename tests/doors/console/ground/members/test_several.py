"""The page of people who are in several groups of one community."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.queries import in_several_groups, present_in_groups
from qunying.ground.groups.services import create_group
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members
from tests.support.cast import JOINED, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db
PAGE = "/communities/flowers/members/several/"


def enter(group: Group, *people: str, kind: str = "joined", day: int = 1) -> None:
    at = JOINED + timedelta(days=day)
    facts = [Fact(kind, at, (kind, group.pk, one), who=Who("wechat", one, one), group_id=group.pk) for one in people]
    record(facts, community=group.community, source="tests")


@pytest.fixture
def second(community: Community, group: Group) -> Group:
    """A second group, with 甲 and 乙 in both and 丙 in this one alone."""
    found = create_group(community, name="花友二群", platform="wechat", by=TESTS)
    enter(group, "甲", "乙")
    enter(found, "甲", "乙", "丙", day=2)
    return found


def names(community: Community, group: Group | None = None) -> list[str]:
    return sorted(str(one) for one in in_several_groups(community, group=group))


def test_only_who_is_in_two_groups_now_stands_there(community: Community, group: Group, second: Group) -> None:
    third = create_group(community, name="花友三群", platform="wechat", by=TESTS)
    enter(third, "丙")
    assert names(community) == ["丙", "乙", "甲"]
    assert names(community, group) == ["乙", "甲"]
    enter(group, "乙", kind="left", day=3)
    mark_members([Member.objects.get(display_name="甲").pk], mark=Mark.STAFF, on=True, by=TESTS)
    assert names(community) == ["丙"]
    assert in_several_groups(community).get().group_count == 2  # type: ignore[attr-defined]
    assert present_in_groups(community) == 2


def test_the_page_says_of_how_many_and_is_narrowed_and_taken_out(
    client_for: SignIn, lead: Staff, community: Community, second: Group
) -> None:
    client = client_for(lead, "en")
    page = client.get(PAGE)
    assert sorted((str(row.member), row.count, row.groups) for row in page.context["rows"]) == [
        ("乙", 2, ["花友一群", "花友二群"]),
        ("甲", 2, ["花友一群", "花友二群"]),
    ]
    assert f"2 / {present_in_groups(community)}" in page.content.decode()
    assert [str(row.member) for row in client.get(PAGE, {"q": "甲", "group": second.pk}).context["rows"]] == ["甲"]
    assert "Nobody fits" in client.get(PAGE, {"q": "没有这个人"}).content.decode()
    taken = client.get(f"{PAGE}export/", {"format": "csv", "q": "甲"})
    lines = b"".join(taken.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Number,Name,How many groups,Groups,Came into the latest"
    assert lines[1].split(",")[1:4] == ["甲", "2", "花友一群; 花友二群"]
    assert PAGE in client.get("/communities/flowers/members/").content.decode()


def test_the_page_is_calm_while_nobody_is_in_two(client_for: SignIn, lead: Staff, group: Group) -> None:
    assert "Nobody is in two groups" in client_for(lead, "en").get(PAGE).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_times(
    count: int,
    client_for: SignIn,
    lead: Staff,
    group: Group,
    second: Group,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [f"客{number}" for number in range(count)]
    enter(group, *people)
    enter(second, *people)
    client = client_for(lead, "en")
    with django_assert_num_queries(15):
        client.get(PAGE)
