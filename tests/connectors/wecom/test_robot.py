"""The robot of an internal group: set up by its address, told what concerns its unit, silent about secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone

from qunying.connectors.wecom.robot import ROBOT, RobotConnector, key_of
from qunying.do.reach.models import Delivery, HandTask, Measure
from qunying.do.reach.reminders import remind_of_tasks
from qunying.ground.platforms.bulletins import notify, tell, trouble_of
from qunying.ground.platforms.names import is_service, platform_label, platforms
from qunying.ground.platforms.port import Action, Order, RefusedError, Way
from qunying.ground.platforms.services import connect_account, pause_account
from qunying.ground.platforms.services_health import health_of, look_at
from qunying.ground.platforms.tasks import tell_notice
from tests.support.cast import TESTS
from tests.support.wecom_out import OutCorp, played

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="


@pytest.fixture
def corp(settings: SettingsWrapper) -> Iterator[OutCorp]:
    """A corp with a robot in an internal group."""
    cache.clear()
    yield from played(settings)


def connect(units: Units, address: str) -> Account:
    return connect_account(ROBOT, name="店长群", given={"address": address}, unit=units.headquarters, by=TESTS)


@pytest.fixture
def robot(corp: OutCorp, units: Units) -> Account:
    """The robot of headquarters."""
    return connect(units, ADDRESS + corp.robot)


def test_a_robot_is_no_platform_for_groups(robot: Account) -> None:
    assert (is_service(ROBOT), ROBOT in platforms(), platform_label(ROBOT)) == (True, False, "WeCom group robot")
    connector = RobotConnector()
    assert {connector.capability(action).way for action in Action} == {Way.HAND}
    assert (list(connector.list_groups(robot)), list(connector.list_people(robot, "x"))) == ([], [])
    with pytest.raises(RefusedError):
        connector.perform(robot, Order("k", Action.SEND, words="x"))


def test_only_the_address_of_a_robot_of_wecoms_is_taken(units: Units, corp: OutCorp) -> None:
    for address in (
        "https://example.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "https://qyapi.weixin.qq.com/cgi-bin/other?key=693a91f6-7xxx",
        ADDRESS + "a%0ab%0a12345678",
        ADDRESS,
    ):
        account = connect(units, address)
        assert (key_of(account), tell(account, "x")) == ("", False)
        look_at(account)
        assert health_of(account) == "ill"
    assert corp.notices == []


def test_a_notice_reaches_the_robots_of_the_unit_and_above(robot: Account, units: Units, corp: OutCorp) -> None:
    assert notify(units.shop, lambda: "x") == 1
    assert tell_notice(robot.pk, "一份报告好了") is True
    assert corp.notices == ["一份报告好了"]
    assert ("secret" in str(robot.settings), corp.robot in str(robot.settings)) == (False, False)
    pause_account(robot, by=TESTS)
    assert (notify(units.shop, lambda: "x"), tell_notice(robot.pk, "y")) == (0, False)
    assert tell_notice(0, "z") is False


def test_a_robot_that_was_removed_is_said_to_be_gone(robot: Account, corp: OutCorp) -> None:
    corp.robot = "another"
    assert tell(robot, "x") is False
    assert "Copy its address again" in trouble_of(robot)
    look_at(robot)
    assert health_of(robot) == "ill"


def test_more_than_twenty_in_a_minute_are_not_taken_and_that_is_shown(robot: Account, corp: OutCorp) -> None:
    told = [tell(robot, f"{number}") for number in range(21)]
    assert (told.count(True), told[-1], bool(trouble_of(robot))) == (20, False, True)


def test_long_notices_are_cut_between_letters(robot: Account, corp: OutCorp) -> None:
    tell(robot, "花" * 1000)
    assert corp.notices == ["花" * 682]


@pytest.mark.usefixtures("lead")
def test_what_is_due_by_hand_is_told_to_the_team_once(
    robot: Account, community: Community, group: Group, units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[object, ...]] = []
    monkeypatch.setattr("qunying.ground.platforms.bulletins.async_task", lambda *what, **_how: told.append(what))
    monkeypatch.setattr("qunying.do.reach.reminders.async_task", lambda *_what, **_how: None)
    Measure.objects.create(unit=units.headquarters, quiet_from=0, quiet_until=0)
    parts = {"key": "t:1", "origin": "tests", "action": "send", "way": "hand", "state": "hand", "words": "今晚上新"}
    made = Delivery.objects.create(community=community, group=group, due_at=timezone.now(), **parts)
    HandTask.objects.create(delivery=made, due_at=timezone.now() + timezone.timedelta(minutes=10))
    assert remind_of_tasks() > 0
    assert remind_of_tasks() == 0
    [(_task, account, words)] = told
    assert (account, community.name in str(words)) == (robot.pk, True)


def test_the_page_of_a_robot_speaks_of_no_groups(robot: Account, client: Client, director: Staff) -> None:
    client.force_login(director)
    page = client.get(f"/platforms/{robot.pk}/").content.decode()
    assert (f"platforms/{robot.pk}/groups" in page, robot.name in page) == (False, True)
