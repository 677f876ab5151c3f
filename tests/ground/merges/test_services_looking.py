"""What is suggested, what a rule merges, what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import Identity, Member
from qunying.ground.members.services import Who
from qunying.ground.members.services_private import set_private_field
from qunying.ground.merges.models import Likeness, Merge
from qunying.ground.merges.reasons import score_of
from qunying.ground.merges.services import merge_members, switch_rule, undo_merge
from qunying.ground.merges.services_looking import look_for_likenesses
from tests.support.cast import JOINED, TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db


def join(platform: str, external_id: str, name: str, group: Group) -> Member:
    fact = Fact("joined", JOINED, (platform, external_id), who=Who(platform, external_id, name), group_id=group.pk)
    record([fact], community=group.community, source="tests")
    return Member.objects.get(identities__platform=platform, identities__external_id=external_id)


def suggested() -> list[tuple[str, str, float]]:
    rows = Likeness.objects.filter(dismissed_at=None).order_by("-score", "pk")
    return [(str(row.first), str(row.second), row.score) for row in rows]


def test_scores_add_up_and_doubts_take_away() -> None:
    assert score_of(["phone"]) == 0.95
    assert score_of(["name", "groups"]) == 0.55  # 1 - 0.65 · 0.7 = 0.545, told in hundredths
    assert score_of(["name", "groups", "side_by_side"]) == 0.33
    assert score_of([]) == 0


def test_a_name_without_its_decoration_in_the_same_group_is_suggested(group: Group) -> None:
    join("wechat", "wx-1", "小美🌸", group)
    join("qq", "10001", "小美", group)
    join("qq", "10002", "阿强", group)
    assert look_for_likenesses().suggested == 1
    assert suggested() == [("小美🌸", "小美", 0.55)]


def test_the_same_account_id_elsewhere_is_suggested_and_short_numbers_are_not(group: Group) -> None:
    join("wechat", "meimei1990", "一", group)
    join("qq", "meimei1990", "二", group)
    join("wechat", "77", "三", group)
    join("qq", "77", "四", group)
    look_for_likenesses()
    assert [(one, two) for one, two, _score in suggested()] == [("一", "二")]


def test_a_suggestion_goes_when_its_reasons_go(xiaomei: Member, aqiang: Member) -> None:
    for member in (xiaomei, aqiang):
        set_private_field(member, name="email", value="m@example.org", by=TESTS)
    look_for_likenesses()
    set_private_field(aqiang, name="email", value="q@example.org", by=TESTS)
    assert (look_for_likenesses().suggested, suggested()) == (0, [])


def test_what_was_dismissed_stays_so_even_for_whom_they_became(members: list[Member], group: Group) -> None:
    one, two, three = members
    for member in (one, two):
        set_private_field(member, name="phone", value="13800138000", by=TESTS)
    merge = merge_members(one, absorbed=two, by=TESTS)
    undo_merge(merge, by=TESTS)
    merge_members(three, absorbed=two, by=TESTS)  # 小丽 now has the number of 小美, who is not 阿强
    assert look_for_likenesses().suggested == 0


def test_a_rule_that_is_on_merges_and_writes_down_which(xiaomei: Member, aqiang: Member) -> None:
    for member in (xiaomei, aqiang):
        Identity.objects.filter(member=member).update(union_id="oU1")
    look_for_likenesses()
    assert Merge.objects.count() == 0
    switch_rule("unionid", on=True, by=TESTS)
    assert look_for_likenesses().merged == 1
    merge = Merge.objects.get()
    assert (merge.kept, merge.rule, merge.reasons[0]["why"], suggested()) == (xiaomei, "unionid", "unionid", [])
    undo_merge(merge, by=TESTS)
    assert look_for_likenesses().merged == 0


def test_a_number_of_the_whole_shop_merges_nobody(members: list[Member], group: Group, community: Community) -> None:
    fourth = join("wechat", "fourth", "四号", group)
    for member in (*members, fourth):
        set_private_field(member, name="phone", value="057188888888", by=TESTS)
    switch_rule("phone", on=True, by=TESTS)
    assert look_for_likenesses().merged == 0
    assert len(suggested()) == 6
