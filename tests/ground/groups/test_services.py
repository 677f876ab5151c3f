"""Communities and groups are made and changed, and refuse what they cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.actors import System
from qunying.ground.audit.models import Act
from qunying.ground.groups.models import Community, Group
from qunying.ground.groups.services import create_community, create_group, edit_community, edit_group, ensure_group
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
TESTS = System("tests")


def test_a_community_is_made_in_its_unit_with_its_days_and_money(units: Units) -> None:
    made = create_community(
        "roses", name=" 玫瑰  会 ", unit=units.shop, kind="product", introduction=" 爱玫瑰 ", by=TESTS
    )
    assert (made.name, made.kind, made.introduction) == ("玫瑰 会", "product", "爱玫瑰")
    assert (made.timezone, made.currency, made.simulated) == ("Asia/Shanghai", "CNY", False)
    assert Act.objects.filter(verb="communities.create", subject_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "Rose Club"},
        {"slug": "-roses"},
        {"slug": "r" * 61},
        {"name": "  "},
        {"name": "玫" * 81},
        {"timezone": "Peking"},
        {"currency": "RMB"},
        {"kind": "club"},
    ],
)
def test_a_community_is_refused_that_cannot_be(units: Units, wrong: dict[str, str]) -> None:
    given = {"slug": "roses", "name": "玫瑰会"} | wrong
    with pytest.raises(QunyingError):
        create_community(given.pop("slug"), unit=units.shop, by=TESTS, **given)
    assert Community.objects.count() == 0


def test_a_short_name_is_taken_once(community: Community, units: Units) -> None:
    with pytest.raises(QunyingError, match="“flowers” already"):
        create_community("flowers", name="又一个", unit=units.south, by=TESTS)


def test_a_community_can_be_renamed_and_moved(community: Community, units: Units) -> None:
    edit_community(community, name="花友之家", kind="industry", introduction="", unit=units.east, by=TESTS)
    stored = Community.objects.get(slug="flowers")
    assert (stored.name, stored.kind, stored.unit) == ("花友之家", "industry", units.east)
    assert Act.objects.get(verb="communities.edit").details == {"unit": units.east.pk, "kind": "industry"}


def test_a_group_is_made_with_room_and_announcement(community: Community) -> None:
    made = create_group(
        community, name="花友二群", platform="qq", kind="core", capacity=200, announcement=" 欢迎 ", by=TESTS
    )
    assert (made.name, made.platform, made.kind, made.capacity, made.announcement) == (
        "花友二群",
        "qq",
        "core",
        200,
        "欢迎",
    )


def test_a_group_name_is_taken_once_in_a_community(group: Group, other_community: Community) -> None:
    with pytest.raises(QunyingError, match="花友一群"):
        create_group(group.community, name="花友一群", platform="qq", by=TESTS)
    assert create_group(other_community, name="花友一群", platform="qq", by=TESTS).community == other_community


def test_a_group_can_be_changed_but_not_into_another(group: Group) -> None:
    ensure_group(group.community, name="花友二群", platform="wechat", by=TESTS)
    with pytest.raises(QunyingError, match="花友二群"):
        edit_group(group, name="花友二群", kind="core", capacity=150, announcement="", by=TESTS)
    edit_group(group, name="花友老群", kind="core", capacity=500, announcement="周三上新", by=TESTS)
    stored = Group.objects.get(pk=group.pk)
    assert (stored.name, stored.kind, stored.capacity, stored.announcement) == ("花友老群", "core", 500, "周三上新")


@pytest.mark.parametrize("capacity", [0, -1, 100_001])
def test_a_group_without_room_is_refused(group: Group, capacity: int) -> None:
    with pytest.raises(QunyingError, match="between 1 and"):
        edit_group(group, name=group.name, kind=group.kind, capacity=capacity, announcement="", by=TESTS)


def test_ensure_makes_a_group_once(community: Community) -> None:
    first = ensure_group(community, name="花友三群", platform="wechat", by=TESTS)
    assert ensure_group(community, name="花友三群", platform="wechat", by=TESTS) == first
    assert Act.objects.filter(verb="groups.create").count() == 1
