"""The tag of a segment follows who fits, and never touches what people gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import Member, MemberTag
from qunying.ground.members.services import Who
from qunying.ground.members.services_tags import tag_members, untag_members
from qunying.ground.segments.services import create_segment, edit_segment, remove_segment
from qunying.ground.segments.services_tagging import keep_all_in_step, keep_in_step, set_segment_tag
from qunying.kit.errors import QunyingError
from tests.support.cast import JOINED, TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Tag
    from qunying.ground.segments.models import Segment

pytestmark = pytest.mark.django_db(transaction=True)
HERE = {"all": True, "parts": [{"is": "state", "state": "present"}]}
LEFT = {"all": True, "parts": [{"is": "state", "state": "left"}]}


@pytest.fixture
def tag(members: list[Member]) -> Tag:
    """A tag that 小美 has by hand."""
    return tag_members([members[0].pk], dimension="分群", name="在场", by=TESTS)[0]


@pytest.fixture
def segment(community: Community, tag: Tag) -> Segment:
    """Those who are there, with the tag."""
    made = create_segment(community.unit, community=community, name="在场", conditions=HERE, by=TESTS)
    set_segment_tag(made, tag=tag, by=TESTS)
    return made


def carriers() -> dict[str, str]:
    return dict(MemberTag.objects.values_list("member__display_name", "source"))


def test_who_fits_gets_it_and_who_has_it_by_hand_keeps_it_so(segment: Segment) -> None:
    assert keep_in_step(segment, by=TESTS) == (2, 0)
    assert carriers() == {"小美": "hand", "阿强": "rule", "小丽": "rule"}
    assert keep_all_in_step() == 0


def test_who_no_longer_fits_loses_only_what_the_rule_gave(segment: Segment, community: Community) -> None:
    keep_in_step(segment, by=TESTS)
    for name in ("xiaomei", "aqiang"):
        left = Fact("left", JOINED, ("left", name), who=Who("wechat", name), group_id=community.groups.get().pk)
        record([left], community=community, source="tests")
    assert keep_all_in_step() == 1
    assert carriers() == {"小美": "hand", "小丽": "rule"}


def test_other_conditions_change_who_has_it(segment: Segment) -> None:
    keep_in_step(segment, by=TESTS)
    edit_segment(segment, name="走了", conditions=LEFT, by=TESTS)
    assert keep_in_step(segment, by=TESTS) == (0, 2)


def test_without_the_segment_its_tags_go(segment: Segment) -> None:
    keep_in_step(segment, by=TESTS)
    remove_segment(segment, by=TESTS)
    assert carriers() == {"小美": "hand"}


def test_another_tag_takes_the_first_one_back(segment: Segment, members: list[Member]) -> None:
    keep_in_step(segment, by=TESTS)
    other, _fresh = tag_members([members[0].pk], dimension="分群", name="在", by=TESTS)
    untag_members([members[0].pk], tag=other, by=TESTS)
    set_segment_tag(segment, tag=other, by=TESTS)
    assert carriers() == {"小美": "hand"}
    set_segment_tag(segment, tag=None, by=TESTS)
    with pytest.raises(QunyingError):
        keep_in_step(segment, by=TESTS)


def test_a_tag_has_one_rule(segment: Segment, community: Community, tag: Tag) -> None:
    other = create_segment(community.unit, name="别的", conditions=HERE, by=TESTS)
    with pytest.raises(QunyingError):
        set_segment_tag(other, tag=tag, by=TESTS)
