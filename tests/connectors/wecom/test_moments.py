"""Moments: a place words go to, posted by colleagues who confirm, whose likes and comments come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.connectors.wecom.confirming import WeComTeller, remind
from qunying.connectors.wecom.connector import WeComConnector
from qunying.connectors.wecom.models import Moment
from qunying.connectors.wecom.moments import PLACE, WATCHED, hand_out_moments, look_at, quietly
from qunying.ground.events.models import Event
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.outcomes import Laid
from qunying.ground.platforms.port import Action, Order, Picture, RefusedError, Way
from qunying.ground.syncs.services import reconcile_group
from tests.support.cast import TESTS
from tests.support.wecom_out import OutCorp, played

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account
    from tests.connectors.wecom.conftest import Shop

pytestmark = pytest.mark.django_db
ORDER = Order("k", Action.SEND, group=PLACE, words="今天的花")


@pytest.fixture
def corp(settings: SettingsWrapper) -> Iterator[OutCorp]:
    """A corp whose colleagues confirm."""
    yield from played(settings)


def told(account: Account, external_id: str) -> list[bool]:
    return [one.arrived for one in WeComTeller().outcomes(account, [Laid("k", external_id, PLACE)])]


def test_moments_stand_first_among_the_groups_and_can_only_be_posted(account: Account, corp: OutCorp) -> None:
    chat = corp.open_chat("甲群", "aqiang")
    connector = WeComConnector()
    assert [name for name, _label in connector.list_groups(account)] == [PLACE, chat]
    ways = {action: connector.capability(action, account=account, group=PLACE).way for action in Action}
    assert {action for action, way in ways.items() if way is not Way.HAND} == {Action.SEND}


def test_nobody_is_a_member_of_moments(account: Account, community: Community) -> None:
    group = adopt_group(account, community=community, name="朋友圈", external_id=PLACE, by=TESTS)
    sync = reconcile_group(group)
    assert (sync.state, sync.listed, sync.joined, sync.left) == ("done", 0, 0, 0)


@pytest.mark.usefixtures("community")
def test_a_moment_is_there_once_the_first_colleague_has_posted_it(shop: Shop, account: Account, corp: OutCorp) -> None:
    shop.hear(corp.befriend("aqiang", "wm1"), corp.befriend("xiaofang", "wm2"))
    corp.dispatch_seconds = 30
    done = WeComConnector().perform(account, ORDER)
    assert (done.external_id, done.awaits_person) == ("moment:job1", True)
    assert told(account, done.external_id) == []
    corp.skip(31)
    assert told(account, done.external_id) == []
    corp.skip(2 * 86_400)  # the number was kept: WeCom tells it a day long
    corp.publish("mom-job1", "xiaofang")
    assert told(account, done.external_id) == [True]


def test_a_moment_wecom_did_not_make_is_said_to_have_failed(account: Account, corp: OutCorp) -> None:
    done = WeComConnector().perform(account, ORDER)
    corp.bad_jobs.add("job1")
    assert told(account, done.external_id) == [False]


def test_a_moment_is_taken_back_while_nobody_has_posted_it(shop: Shop, account: Account, corp: OutCorp) -> None:
    shop.hear(corp.befriend("aqiang", "wm1"))
    for number, posted in ((1, False), (2, True)):
        name = WeComConnector().perform(account, ORDER).external_id
        if posted:
            corp.publish(f"mom-job{number}", "aqiang")
            with pytest.raises(RefusedError, match="before it could be stopped"):
                WeComTeller().take_back(account, Laid("k", name, PLACE))
        else:
            WeComTeller().take_back(account, Laid("k", name, PLACE))
    assert list(corp.moments) == ["mom-job2"]
    with pytest.raises(RefusedError, match="does not remind of moments"):
        remind(account, Laid("k", name, PLACE))


def test_what_wecom_would_not_take_is_refused_before_it_is_asked(account: Account, corp: OutCorp) -> None:
    for order in (
        Order("k", Action.SEND, group=PLACE, words="  "),
        Order("k", Action.SEND, group=PLACE, words="花" * 2001),
        Order("k", Action.SEND, group=PLACE, words="花", pictures=(Picture("a.png", "image/png", b"x"),)),
    ):
        with pytest.raises(RefusedError):
            WeComConnector().perform(account, order)
    assert corp.offered == []


def test_likes_and_comments_of_contacts_come_back_once(
    shop: Shop, account: Account, corp: OutCorp, community: Community
) -> None:
    shop.hear(corp.befriend("aqiang", "wm1"), corp.befriend("aqiang", "wm2"))
    adopt_group(account, community=community, name="朋友圈", external_id=PLACE, by=TESTS)
    name = WeComConnector().perform(account, ORDER).external_id
    corp.publish("mom-job1", "aqiang")
    assert told(account, name) == [True]
    corp.likes, corp.comments = ["wm1", "wm2"], ["wm2"]
    row = Moment.objects.get()
    corp.skip(0.5)
    assert look_at(row) == 3
    found = Event.objects.filter(object_id=name).values_list("kind", "identity__external_id", "group")
    assert sorted(found) == [("commented", "wm2", None), ("liked", "wm1", None), ("liked", "wm2", None)]


def test_moments_are_looked_at_now_and_then_for_a_month(account: Account, corp: OutCorp) -> None:
    now = timezone.now()
    fresh = Moment.objects.create(account=account, job="a", number="mom-a", made_at=now)
    Moment.objects.create(account=account, job="b", number="", made_at=now)
    Moment.objects.create(account=account, job="c", number="mom-c", made_at=now - WATCHED)
    assert (hand_out_moments(), hand_out_moments()) == (1, 0)
    corp.breaks["externalcontact/get_moment_task"] = [48002]
    assert quietly(fresh) == 0
