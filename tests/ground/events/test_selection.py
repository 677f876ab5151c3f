"""Members are picked by what is known of them and what they did."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from qunying.ground.audit.actors import System
from qunying.ground.events.facts import Fact
from qunying.ground.events.selection import Marked, Selection, State, select_members, with_last_act
from qunying.ground.events.services import record
from qunying.ground.groups.services import ensure_group
from qunying.ground.members.models import Member
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members
from qunying.ground.members.services_tags import tag_members
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.ground.groups.models import Community, Group

pytestmark = pytest.mark.django_db
TESTS = System("tests")


def add(kind: str, name: str, at: datetime, community: Community, *, group: Group | None = None, **more: Any) -> None:
    fact = Fact(kind, at, (kind, name, at.isoformat()), who=Who("wechat", name), group_id=group and group.pk, **more)
    record([fact], community=community, source="tests")


def names(community: Community, **wanted: Any) -> list[str]:
    return [row.display_name for row in select_members(community, Selection(**wanted))]


@pytest.fixture
def crowd(members: list[Member], group: Group) -> Community:
    """小美 spoke just now, 阿强 forty days ago, 小丽 has left without a word."""
    now = timezone.now()
    add("spoke", "xiaomei", now - timedelta(hours=1), group.community, group=group)
    add("spoke", "aqiang", now - timedelta(days=40), group.community, group=group)
    add("left", "xiaoli", JOINED + timedelta(days=3), group.community, group=group)
    return group.community


def test_without_a_filter_everyone_comes(crowd: Community) -> None:
    assert sorted(names(crowd)) == ["小丽", "小美", "阿强"]


def test_state_tells_those_who_are_there_from_those_who_left(crowd: Community) -> None:
    assert sorted(names(crowd, state=State.PRESENT)) == ["小美", "阿强"]
    assert names(crowd, state=State.LEFT) == ["小丽"]


def test_who_left_one_group_and_is_in_another_has_not_left(crowd: Community, group: Group) -> None:
    second = ensure_group(crowd, name="花友二群", platform="wechat", by=TESTS)
    add("joined", "xiaoli", JOINED + timedelta(days=9), crowd, group=second)
    assert names(crowd, state=State.LEFT) == []
    assert names(crowd, state=State.LEFT, group=group.pk) == ["小丽"]
    assert names(crowd, group=second.pk, state=State.PRESENT) == ["小丽"]


def test_words_narrow(crowd: Community) -> None:
    assert names(crowd, words="强") == ["阿强"]
    assert names(crowd, words="nobody") == []


def test_every_tag_asked_for_must_be_carried(crowd: Community, members: list[Member]) -> None:
    city, _ = tag_members([member.pk for member in members[:2]], dimension="城市", name="杭州", by=TESTS)
    keen, _ = tag_members([members[1].pk], dimension="意向", name="高", by=TESTS)
    assert sorted(names(crowd, tags=(city.pk,))) == ["小美", "阿强"]
    assert names(crowd, tags=(city.pk, keen.pk)) == ["阿强"]


def test_marks_narrow(crowd: Community, aqiang: Member) -> None:
    mark_members([aqiang.pk], mark=Mark.STAFF, on=True, by=TESTS)
    assert names(crowd, marked=Marked.STAFF) == ["阿强"]
    assert sorted(names(crowd, marked=Marked.NONE)) == ["小丽", "小美"]
    assert names(crowd, marked=Marked.BOT) == []


def test_joining_days_are_local_and_both_included(crowd: Community) -> None:
    # 4 March 23:30 and 5 March 00:30 in Shanghai.
    add("joined", "late", JOINED.replace(month=3, day=4, hour=15, minute=30), crowd, channel_key="海报")
    add("joined", "early", JOINED.replace(month=3, day=4, hour=16, minute=30), crowd)
    Member.objects.filter(identities__external_id="late").update(display_name="晚")
    Member.objects.filter(identities__external_id="early").update(display_name="早")
    assert names(crowd, joined_from=date(2026, 3, 4), joined_until=date(2026, 3, 4)) == ["晚"]
    assert names(crowd, joined_from=date(2026, 3, 5)) == ["早"]
    assert names(crowd, channel="海报") == ["晚"]
    assert names(crowd, channel="海报", joined_from=date(2026, 3, 5)) == []


def test_last_activity_narrows_both_ways(crowd: Community) -> None:
    assert names(crowd, seen_within=7) == ["小美"]
    assert sorted(names(crowd, seen_within=90)) == ["小美", "阿强"]
    assert sorted(names(crowd, silent_for=30)) == ["小丽", "阿强"]


def test_joining_is_no_activity(crowd: Community) -> None:
    add("joined", "fresh", timezone.now(), crowd)
    assert "fresh" not in names(crowd, seen_within=7)


def test_the_last_act_here_is_told(crowd: Community, other_community: Community) -> None:
    add("spoke", "xiaoli", timezone.now(), other_community)
    add("joined", "aqiang", timezone.now(), other_community)
    found = with_last_act(select_members(crowd, Selection()), crowd).order_by("pk")
    now = timezone.now()
    days = [(row.display_name, row.last_at and (now - row.last_at).days) for row in found]  # type: ignore[attr-defined]
    assert days == [("小美", 0), ("阿强", 40), ("小丽", None)]


def test_what_someone_did_elsewhere_does_not_count_here(crowd: Community, other_community: Community) -> None:
    add("spoke", "xiaoli", timezone.now(), other_community)
    assert names(crowd, seen_within=7) == ["小美"]
