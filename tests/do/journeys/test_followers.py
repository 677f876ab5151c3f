"""Facts set journeys off: once each, only fresh ones, only for the people they are for; a welcome leaves at once."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.journeys.followers import Starter
from qunying.do.journeys.models import Traveller
from qunying.do.journeys.services import pause_journey
from qunying.do.journeys.settling import settle
from qunying.do.reach.tasks import send_through
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.ground.members.services_people import Mark, mark_members
from tests.do.journeys.conftest import DAY, HELLO, TIP, join, path
from tests.support.cast import TESTS
from tests.support.loopback import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.do.journeys.models import Version
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.loopback import Platform

pytestmark = pytest.mark.django_db(transaction=True)


def follow() -> None:
    """Until there is nothing new."""
    while Starter().advance():
        pass


def test_a_join_is_welcomed_within_three_seconds_and_once_however_often_it_is_told(
    running: Callable[..., Version], connected: list[Group], account: Account, platform: Platform
) -> None:
    running([HELLO, DAY, TIP], on="joined")
    follow()
    # Time of this process, for a busy machine is no slower way: nothing here waits for anything.
    began = time.process_time()
    member = join(connected[0], "阿丽", timezone.now())
    follow()
    send_through(account.pk)
    assert time.process_time() - began < 3
    assert [(one["to"], one["words"]) for one in platform.came] == [("!1", "欢迎阿丽来到连上的1群")]
    Starter().replay()
    follow()
    send_through(account.pk)
    settle()
    traveller = Traveller.objects.get()
    assert (traveller.member_id, traveller.group_id) == (member, connected[0].pk)
    assert path(traveller) == [("hello", 1, "done", "sent"), ("day", 1, "due", "")]
    assert len(platform.came) == 1


def test_old_facts_other_groups_colleagues_and_pauses_set_nobody_off(
    running: Callable[..., Version], connected: list[Group], specialist: Staff
) -> None:
    version = running([DAY], on="joined", trigger={"groups": [connected[0].pk]})
    now = timezone.now()
    join(connected[0], "去年", now - timedelta(days=300))
    join(connected[1], "别群", now)
    mark_members([join(connected[0], "同事", now)], mark=Mark.STAFF, on=True, by=TESTS)
    follow()
    assert Traveller.objects.count() == 0
    pause_journey(version.journey, by=specialist)
    join(connected[0], "阿丽", timezone.now())
    follow()
    assert Traveller.objects.count() == 0


def test_another_kind_of_fact_sets_it_off_for_whom_it_is_for_and_again_only_after_its_days(
    running: Callable[..., Version], community: Community, connected: list[Group]
) -> None:
    only = {"parts": [{"is": "group", "groups": [connected[0].pk]}]}
    running([TIP], on="event", trigger={"kind": "checked_in"}, only_if=only, again=30)
    now = timezone.now()
    member = join(connected[0], "阿丽", now)
    join(connected[1], "阿波", now)
    for name, at in (("阿丽", 1), ("阿波", 2), ("阿丽", 3)):
        fact = Fact("checked_in", now + timedelta(seconds=at), ("in", at), who=Who(PLATFORM, name, name))
        record([fact], community=community, source="tests")
        follow()
    assert list(Traveller.objects.values_list("member", "state")) == [(member, "ended")]
