"""The shop's desk holds something in every state, and laying it again doubles nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.models import Journey
from qunying.do.publishing.models import Publication
from qunying.do.reach.models import Delivery, Sending
from qunying.do.recruitment.models import Channel, ChannelCost
from qunying.doors.demo.chain_making import hire
from qunying.doors.demo.desk import CREW, lay_desk
from qunying.doors.demo.example import DEMO, ensure_community
from qunying.doors.demo.people import LOCAL
from qunying.doors.demo.plan import CHANNELS, GROUP_NAMES, PLATFORM, Plan
from qunying.ground.groups.models import Group
from qunying.ground.groups.services import create_group
from qunying.plan.content.models import Entry, Finding, Submission
from qunying.plan.materials.models import Material, Script

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db

MODELS = (Entry, Channel, ChannelCost, Sending, Delivery, Publication, Journey, Material, Script, Submission)
PLAN = Plan(timezone.now().astimezone(LOCAL).date(), days=60, members=60)


@pytest.fixture
def shop() -> Community:
    """The flower shop without its history."""
    community = ensure_community()
    for name in GROUP_NAMES[:3]:
        create_group(community, name=name, platform=PLATFORM, kind=Group.Kind.GENERAL, capacity=150, by=DEMO)
    assert hire(CREW, "correct horse battery") == [one.username for one in CREW]
    lay_desk(community, PLAN)
    return community


def test_entries_stand_in_every_state_and_nothing_stops_them(shop: Community) -> None:
    states = Counter(Entry.objects.filter(community=shop).values_list("state", flat=True))
    assert states == {"approved": 6, "second": 1, "first": 1, "back": 1, "topic": 2, "draft": 1}
    assert list(Finding.objects.values_list("label", "reason")) == []


def test_its_channels_are_those_by_which_its_people_come(shop: Community) -> None:
    assert set(Channel.objects.filter(community=shop).values_list("key", flat=True)) == set(CHANNELS)
    assert ChannelCost.objects.filter(community=shop).count() == 4 * 3


def test_one_sending_goes_out_by_hand_and_one_waits_for_its_release(shop: Community) -> None:
    assert dict(Sending.objects.filter(community=shop).values_list("title", "state")) == {
        "周五到货提醒": "going",
        "周六手作课名额": "checked",
    }
    deliveries = Delivery.objects.filter(sending__title="周五到货提醒")
    assert set(deliveries.values_list("state", "account")) == {("waiting", None)}
    assert deliveries.count() == 3


def test_what_is_approved_for_tomorrow_is_on_its_way(shop: Community) -> None:
    [made] = Publication.objects.filter(community=shop)
    assert (made.entry.title, made.targets.count()) == ("天冷了，鲜花离暖气远一点", 3)


def test_the_welcome_of_the_playbooks_runs(shop: Community) -> None:
    assert list(Journey.objects.filter(community=shop).values_list("state", flat=True)) == ["running"]


def test_the_library_and_what_members_sent_in_are_there(shop: Community) -> None:
    assert (Material.objects.filter(community=shop).count(), Script.objects.filter(community=shop).count()) == (5, 8)
    states = Counter(Submission.objects.filter(community=shop).values_list("state", flat=True))
    assert states == {"waiting": 2, "accepted": 1, "declined": 1}


def test_laying_it_again_doubles_nothing(shop: Community) -> None:
    before = [model.objects.count() for model in MODELS]
    lay_desk(shop, PLAN)
    assert [model.objects.count() for model in MODELS] == before
