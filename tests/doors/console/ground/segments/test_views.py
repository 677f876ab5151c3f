"""The pages on which segments are built, counted, listed and used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.members.models import MemberTag
from qunying.ground.members.services_tags import tag_members
from qunying.ground.segments.models import Segment
from qunying.ground.segments.services import create_segment
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.support.cast import Units

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.django_db(transaction=True)
HERE: dict[str, Any] = {"all": True, "parts": [{"is": "state", "state": "present"}]}
PLACE = {"place": "community:flowers"}
ROW = {"row": ["0"], "0:is": "state", "0:state": "present", "every": "1"}


def test_the_form_counts_while_it_is_filled_in(client_for: SignIn, lead: Staff, members: list[Member]) -> None:
    client = client_for(lead, "en")
    page = client.get("/segments/new/")
    assert (page.context["counted"].count, page.context["words"]) == (3, "in the community now")
    counted = client.post("/segments/draft/", PLACE | ROW | {"0:state": "left"}).context["counted"]
    assert (counted.count, counted.among) == (0, 3)


def test_rows_and_groups_are_added_and_dropped(client_for: SignIn, lead: Staff, members: list[Member]) -> None:
    client = client_for(lead)
    rows = client.post("/segments/draft/", PLACE | ROW | {"act": "add:quiet"}).context["rows"]
    assert [row.kind for row in rows] == ["state", "quiet"]
    grouped = PLACE | ROW | {"row": ["0", "1"], "1:is": "group", "1:every": "0", "act": "add:did@1"}
    rows = client.post("/segments/draft/", grouped).context["rows"]
    assert [(row.kind, [inner.place for inner in row.rows]) for row in rows] == [("state", []), ("group", ["1.0"])]
    rows = client.post("/segments/draft/", grouped | {"act": "drop:1"}).context["rows"]
    assert [row.kind for row in rows] == ["state"]


def test_an_unfinished_form_says_what_is_missing(client_for: SignIn, lead: Staff, community: Community) -> None:
    answer = client_for(lead, "en").post("/segments/draft/", PLACE | ROW | {"act": "add:tag"})
    assert answer.context["refused"] == "Choose at least one tag."


def test_a_segment_is_saved_changed_and_narrows_the_list_of_members(
    client_for: SignIn, lead: Staff, members: list[Member], community: Community
) -> None:
    tag, _fresh = tag_members([members[0].pk], dimension="城市", name="杭州", by=TESTS)
    client = client_for(lead)
    tagged = {"row": ["0"], "0:is": "tag", "0:tags": [str(tag.pk)], "name": "杭州人", "act": "save"}
    client.post("/segments/new/", PLACE | tagged)
    made = Segment.objects.get()
    assert (made.name, made.community, client.get(f"/segments/{made.pk}/").context["counted"].count) == (
        "杭州人", community, 1,
    )  # fmt: skip
    page = client.get(f"/communities/flowers/members/?segment={made.pk}")
    assert [str(row.member) for row in page.context["rows"]] == ["小美"]
    assert [(chip.value, "segment" in chip.off) for chip in page.context["chips"]] == [("杭州人", False)]
    client.post(f"/segments/{made.pk}/edit/", tagged | {"0:not": "1", "name": "别处的"})
    assert client.get("/segments/").context["rows"][0].fitting.count == 2
    assert client.post("/segments/new/", PLACE | tagged | {"name": ""}).status_code == 400


def test_the_tag_is_given_at_once_and_taken_back(
    client_for: SignIn, lead: Staff, members: list[Member], units: Units
) -> None:
    made = create_segment(units.shop, name="都在", conditions=HERE, by=TESTS)
    tag, _fresh = tag_members([members[0].pk], dimension="分群", name="在场", by=TESTS)
    client = client_for(lead)
    client.post(f"/segments/{made.pk}/tag/", {"tag": str(tag.pk)})
    assert MemberTag.objects.filter(tag=tag).count() == 3
    client.post(f"/segments/{made.pk}/remove/", {"typed": "别的"})
    assert Segment.objects.count() == 1
    client.post(f"/segments/{made.pk}/remove/", {"typed": "都在"})
    assert (Segment.objects.count(), MemberTag.objects.filter(tag=tag).count()) == (0, 1)


def test_a_segment_elsewhere_does_not_exist(
    client_for: SignIn, outsider: Staff, reviewer: Staff, members: list[Member], units: Units
) -> None:
    made = create_segment(units.shop, name="都在", conditions=HERE, by=TESTS)
    assert client_for(outsider).get(f"/segments/{made.pk}/").status_code == 404
    assert client_for(reviewer).get(f"/segments/{made.pk}/").status_code == 200
    assert client_for(reviewer).get(f"/segments/{made.pk}/edit/").status_code == 404
    assert client_for(reviewer).get(f"/communities/flowers/members/?segment={made.pk + 1}").status_code == 404


def test_the_list_costs_little_more_for_each_segment(
    client_for: SignIn,
    lead: Staff,
    members: list[Member],
    units: Units,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(lead)
    create_segment(units.shop, name="一", conditions=HERE, by=TESTS)
    client.get("/segments/")
    with django_assert_num_queries(19):
        client.get("/segments/")
    for name in ("二", "三"):
        create_segment(units.shop, name=name, conditions=HERE, by=TESTS)
    with django_assert_num_queries(19):
        assert len(client.get("/segments/").context["rows"]) == 3
