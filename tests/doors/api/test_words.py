"""Tags, dimensions, charges and units for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.check.supervision.models import Tolerance
from qunying.ground.groups.models import Membership, Recognition, Stewardship
from qunying.ground.members.models import MemberTag, Tag, TagDimension
from qunying.ground.segments.services import create_segment
from qunying.ground.units.models import Unit
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
HERE = {"all": True, "parts": [{"is": "state", "state": "present"}]}


@pytest.fixture
def tag(db: None) -> Tag:
    return Tag.objects.create(dimension=TagDimension.objects.create(name="城市"), name="上海")


def test_words_are_added_renamed_archived_and_merged(program: Program, tag: Tag) -> None:
    dimension = f"dimensions/{tag.dimension_id}"
    made = program.post(f"{dimension}/tags", {"name": "沪"}).json()
    assert (made["name"], made["dimension"]) == ("沪", "城市")
    assert program.post(f"{dimension}/tags", {"name": "沪"}).status_code == 400
    assert program.send("PATCH", dimension, {"name": "住在哪儿", "archived": True}).json()["archived"] is True
    assert [one["name"] for one in program.get("dimensions")["items"]] == ["住在哪儿"]
    assert program.send("PATCH", f"tags/{tag.pk}", {"name": "上海市"}).json()["name"] == "上海市"
    assert program.post(f"tags/{made['id']}/merge", {"into": tag.pk}).json()["id"] == tag.pk
    assert Tag.objects.filter(pk=made["id"]).count() == 0
    assert program.post(f"tags/{tag.pk}/merge", {"into": 99_999_999}).json()["errors"][0]["field"] == "body.into"
    assert program.post("dimensions/ship", None).json()["rows"] > 0
    assert program.send("PATCH", "tags/99999999", {"name": "x"}).status_code == 404


def test_words_are_everyones(
    tag: Tag, stranger: Program, director: Staff, units: Units, make_program: Callable[..., Program]
) -> None:
    acts: list[tuple[str, str, Any]] = [
        ("POST", "dimensions/ship", None),
        ("PATCH", f"dimensions/{tag.dimension_id}", {"name": "x"}),
        ("POST", f"dimensions/{tag.dimension_id}/tags", {"name": "x"}),
        ("PATCH", f"tags/{tag.pk}", {"name": "x"}),
        ("POST", f"tags/{tag.pk}/merge", {"into": tag.pk}),
    ]
    assert [stranger.send(*act).status_code for act in acts] == [403] * 5
    assert make_program(director, units.shop, ["figures.see"]).send("GET", "dimensions").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_segment_sets_a_tag_and_takes_it_back(
    program: Program, stranger: Program, community: Community, xiaomei: Member, tag: Tag
) -> None:
    segment = create_segment(community.unit, name="都在", conditions=HERE, community=community, by=TESTS)
    place = f"segments/{segment.pk}/tag"
    assert program.post(place, {"tag": tag.pk}).json() == {"tag": tag.pk, "given": 1, "taken": 0}
    assert MemberTag.objects.get().member_id == xiaomei.pk
    assert program.post(place, {"tag": None}).status_code == 200
    assert MemberTag.objects.count() == 0
    assert program.post(place, {}).json()["errors"][0]["field"] == "body.tag"
    assert stranger.post(place, {"tag": tag.pk}).status_code == 404


def test_a_charge_is_given_and_ended(program: Program, community: Community, lead: Staff, xiaomei: Member) -> None:
    place = "communities/flowers/stewards"
    first = program.post(place, {"level": "leader", "staff": lead.username}).json()
    assert (first["level"], first["staff"], first["member"]) == ("leader", lead.username, None)
    assert program.post(place, {"level": "deputy", "member": xiaomei.pk}).status_code == 201
    assert program.post(place, {"level": "deputy"}).json()["errors"][0]["field"] == "body.staff"
    assert program.post(place, {"level": "deputy", "staff": "nobody"}).status_code == 404
    assert program.send("DELETE", f"{place}/{first['id']}").json()["ended_at"]
    assert [one["level"] for one in program.get(place)["items"]] == ["deputy"]
    assert len(program.get(f"{place}?ended=true")["items"]) == 2
    assert program.send("DELETE", f"{place}/{first['id']}").status_code == 400


def test_only_colleagues_who_reach_the_community_get_a_charge(
    program: Program, community: Community, outsider: Staff
) -> None:
    answer = program.post("communities/flowers/stewards", {"level": "leader", "staff": outsider.username})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.staff")


def test_members_are_recognised_and_given_a_part(program: Program, xiaomei: Member) -> None:
    place = "communities/flowers/recognitions"
    made = program.post(place, {"member": xiaomei.pk, "kind": "leader"}).json()
    assert program.post(place, {"member": xiaomei.pk, "kind": "leader"}).status_code == 400
    assert [one["kind"] for one in program.get(place)["items"]] == ["leader"]
    assert program.send("DELETE", f"{place}/{made['id']}").json()["ended_at"]
    assert Recognition.objects.filter(ended_at=None).count() == 0
    membership = Membership.objects.get(identity__member=xiaomei)
    answer = program.send("PATCH", f"communities/flowers/memberships/{membership.pk}", {"role": "admin"})
    assert answer.json()["role"] == "admin"
    assert (
        program.send("PATCH", f"communities/flowers/memberships/{membership.pk}", {"role": "king"}).status_code == 422
    )


def test_who_may_not_change_the_community_finds_nothing(
    xiaomei: Member, stranger: Program, director: Staff, units: Units, make_program: Callable[..., Program]
) -> None:
    reader = make_program(director, units.shop, ["figures.see", "members.see"])
    membership = Membership.objects.get(identity__member=xiaomei)
    acts: list[tuple[str, str, Any]] = [
        ("POST", "stewards", {"level": "leader", "member": xiaomei.pk}),
        ("DELETE", "stewards/1", None),
        ("POST", "recognitions", {"member": xiaomei.pk, "kind": "leader"}),
        ("DELETE", "recognitions/1", None),
        ("PATCH", f"memberships/{membership.pk}", {"role": "admin"}),
    ]
    for method, path, body in acts:
        address = f"communities/flowers/{path}"
        assert [one.send(method, address, body).status_code for one in (reader, stranger)] == [404, 404]
    assert Stewardship.objects.count() == 0


def test_the_tree_grows_moves_and_is_pruned(program: Program, units: Units) -> None:
    made = program.post("units", {"name": "花店二店", "parent": units.east.pk}).json()
    address = f"units/{made['id']}"
    assert program.get(address) == {"id": made["id"], "name": "花店二店", "parent": units.east.pk}
    changed = program.send("PATCH", address, {"name": "花店三店", "parent": units.south.pk}).json()
    assert (changed["name"], changed["parent"]) == ("花店三店", units.south.pk)
    assert program.send("PATCH", f"units/{units.east.pk}", {"parent": units.shop.pk}).status_code == 400
    assert program.send("PATCH", f"{address}/tolerance", {"percent": "15"}).json()["percent"] == "15"
    assert program.send("PATCH", f"{address}/tolerance", {"percent": "0"}).status_code == 400
    assert program.send("PATCH", f"{address}/tolerance", {"percent": None}).json()["percent"] is None
    assert program.send("DELETE", address).status_code == 204
    assert (Unit.objects.filter(pk=made["id"]).count(), Tolerance.objects.count()) == (0, 0)


def test_who_may_not_change_the_tree_finds_no_branch(
    units: Units, stranger: Program, director: Staff, make_program: Callable[..., Program]
) -> None:
    reader = make_program(director, units.shop, ["figures.see"])
    shop = f"units/{units.shop.pk}"
    acts: list[tuple[str, str, Any]] = [
        ("POST", "units", {"name": "x", "parent": units.shop.pk}),
        ("PATCH", shop, {"name": "x"}),
        ("DELETE", shop, None),
    ]
    for act in acts:
        assert [one.send(*act).status_code for one in (reader, stranger)] == [404, 404]
    here = make_program(director, units.shop)
    assert here.send("DELETE", shop).status_code == 403
    assert here.send("PATCH", f"{shop}/tolerance", {"percent": "15"}).status_code == 403
