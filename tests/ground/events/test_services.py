"""`record` stores each fact once, together with what it changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event, Message
from qunying.ground.events.services import record
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import DimensionChange, Identity, Member
from qunying.ground.members.services import Who
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
XIAOMEI = Who("wechat", "xiaomei", "小美")
AQIANG = Who("wechat", "aqiang", "阿强")


def word(key: str, *, who: Who = XIAOMEI, minutes: int = 0) -> Fact:
    return Fact("spoke", NOON + timedelta(minutes=minutes), (key,), who=who, text="花到了")


def test_it_stores_the_fact_with_its_words_its_person_and_their_presence(community: Community) -> None:
    done = record([word("1")], community=community, source="test")
    event = Event.objects.get()
    assert (done.ids, done.duplicates, done.members_new, dict(done.kinds)) == ([event.pk], 0, 1, {"spoke": 1})
    assert (event.occurred_at, event.identity and event.identity.external_id) == (NOON, "xiaomei")
    assert Message.objects.get().text == "花到了"
    assert [(row.joined_at, row.opened_by) for row in Membership.objects.all()] == [(NOON, "seen")]


def test_it_stores_a_fact_once_whoever_brings_it_again(community: Community) -> None:
    record([word("1"), word("2", who=AQIANG)], community=community, source="test")
    again = record([word("2", who=AQIANG), word("3")], community=community, source="test")
    assert (again.stored, again.duplicates, Event.objects.count(), Message.objects.count()) == (1, 1, 3, 3)


def test_it_stores_a_fact_once_that_comes_twice_in_one_batch(community: Community) -> None:
    done = record([word("1"), word("1")], community=community, source="test")
    assert (done.stored, done.duplicates) == (1, 1)


def test_it_keeps_the_same_key_of_two_communities_apart(community: Community, other_community: Community) -> None:
    record([word("1")], community=community, source="test")
    assert record([word("1")], community=other_community, source="test").stored == 1


def test_it_finds_the_same_person_again(community: Community) -> None:
    record([word("1")], community=community, source="test")
    done = record([word("2", minutes=5)], community=community, source="other")
    assert (done.members_new, Member.objects.count(), Identity.objects.count()) == (0, 1, 1)


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        (Fact("danced", NOON, ("1",)), "danced"),
        (Fact("spoke", NOON.replace(tzinfo=None), ("1",)), "time zone"),
        (Fact("ordered", NOON, ("1",)), "ordered"),
        (Fact("spoke", NOON, ("1",), amount=5), "spoke"),
        (Fact("spoke", NOON, ("1",), payload={"mood": "good"}), "mood"),
        (Fact("spoke", NOON, ("1",), payload={"form": 3}), "form"),
    ],
)
def test_it_refuses_a_fact_that_is_not_what_its_kind_declares(community: Community, fact: Fact, sentence: str) -> None:
    with pytest.raises(QunyingError, match=sentence):
        record([word("good"), fact], community=community, source="test")
    assert Event.objects.count() == 0


def test_it_tells_counted_figures_only_when_people_or_presence_changed(community: Community) -> None:
    record([word("1")], community=community, source="test")
    before = DimensionChange.objects.count()
    record([word("2", minutes=1)], community=community, source="test")
    assert DimensionChange.objects.count() == before
    record([Fact("left", NOON + timedelta(hours=1), ("3",), who=XIAOMEI)], community=community, source="test")
    assert DimensionChange.objects.count() == before + 1


def test_it_gives_an_account_the_name_its_holder_took_last(community: Community) -> None:
    later = Fact("renamed", NOON + timedelta(hours=2), ("b",), who=XIAOMEI, payload={"name": "美美"})
    sooner = Fact("renamed", NOON + timedelta(hours=1), ("a",), who=XIAOMEI, payload={"name": "小小美"})
    record([later, sooner], community=community, source="test")
    assert Identity.objects.get().display_name == "美美"


def test_it_leaves_the_name_of_an_account_whose_id_is_its_name(community: Community) -> None:
    nick = Who("irc", "trey", "trey")
    record([Fact("renamed", NOON, ("a",), who=nick, payload={"name": "trey_away"})], community=community, source="test")
    assert Identity.objects.get().display_name == "trey"


def test_nothing_is_nothing(community: Community) -> None:
    assert record([], community=community, source="test").stored == 0
