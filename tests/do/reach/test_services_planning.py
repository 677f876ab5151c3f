"""What apps want to leave becomes deliveries, each key once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.models import Delivery
from qunying.do.reach.services_planning import Origin, Wanted, plan_deliveries
from qunying.ground.platforms.port import Action
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member
    from qunying.ground.platforms.models import Account

pytestmark = pytest.mark.django_db


def test_the_same_key_again_changes_nothing(community: Community, connected: list[Group], account: Account) -> None:
    now = timezone.now()
    wanted = [
        Wanted(str(group.pk), Action.SEND, now, group=group, words="早", options={"silent": True})
        for group in connected
    ]
    assert plan_deliveries(wanted[:2], community=community, origin=Origin("tests", "7"), at=now) == 2
    assert plan_deliveries(wanted, community=community, origin=Origin("tests", "7"), at=now) == 1
    one = Delivery.objects.order_by("pk")[0]
    assert (one.key, one.origin_id, one.way, one.account, one.due_at, one.options, one.state) == (
        f"tests:{connected[0].pk}",
        "7",
        "official",
        account,
        now,
        {"silent": True},
        "waiting",
    )


def test_two_apps_may_use_the_same_key(community: Community, group: Group) -> None:
    now = timezone.now()
    wanted = [Wanted("1", Action.SEND, now, group=group, words="早")]
    made = [plan_deliveries(wanted, community=community, origin=Origin(app), at=now) for app in ("one", "other")]
    assert made == [1, 1]


def test_where_the_connector_says_by_hand_a_person_sends(
    community: Community, connected: list[Group], account: Account
) -> None:
    account.settings |= {"by_hand": ["!1"]}
    account.save()
    connected[0].refresh_from_db()
    now = timezone.now()
    plan_deliveries(
        [Wanted("1", Action.SEND, now, group=connected[0], words="早")],
        community=community,
        origin=Origin("tests"),
        at=now,
    )
    one = Delivery.objects.get()
    assert (one.account, one.way, one.way_reason) == (None, "hand", "The robot is not in this group.")


def test_what_leads_nowhere_is_refused(community: Community, xiaomei: Member) -> None:
    now = timezone.now()
    with pytest.raises(QunyingError, match="leads nowhere"):
        plan_deliveries(
            [Wanted("1", Action.SEND, now + timedelta(days=1))], community=community, origin=Origin("tests"), at=now
        )
    assert Delivery.objects.count() == 0
