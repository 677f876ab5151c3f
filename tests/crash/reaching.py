"""What processes that are killed do with deliveries; loaded by child.py once Django is there."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from django.utils import timezone

from qunying.do.reach import sending
from qunying.do.reach.models import Delivery, Measure
from qunying.do.reach.port import register_approver
from qunying.do.reach.services_planning import Origin, Wanted, plan_deliveries
from qunying.do.reach.tasks import send_through
from qunying.ground.audit.actors import System
from qunying.ground.groups.queries import get_community
from qunying.ground.groups.services import ensure_group
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.port import Action, register_connector
from qunying.ground.units.models import Unit
from tests.support.loopback import PLATFORM, LoopbackConnector

_ORIGIN = "tests"
register_connector(LoopbackConnector(timeout=5))
register_approver(_ORIGIN, lambda _delivery: True)


def reach(slug: str, address: str, number: str) -> int:
    """So many groups, a delivery for each."""
    top = Unit.objects.get(parent=None)
    most = dict.fromkeys(("person_day", "person_week", "group_day", "group_week"), 1000)
    Measure.objects.update_or_create(unit=top, defaults=most | {"quiet_from": 0, "quiet_until": 0})
    account = Account.objects.create(name=slug, platform=PLATFORM, unit=top, settings={"address": address})
    community, now = get_community(slug), timezone.now()
    wanted = []
    for one in range(int(number)):
        group = ensure_group(community, name=f"{slug}-{one}", platform=PLATFORM, by=System("tests"))
        group.account, group.external_id = account, f"!{one}"
        group.save()
        wanted.append(Wanted(f"{slug}:{one}", Action.SEND, now, group=group, words="早"))
    plan_deliveries(wanted, community=community, origin=Origin(_ORIGIN), at=now)
    return 0


def send() -> int:
    """Everything that is due, through every account."""
    for pk in Account.objects.order_by("pk").values_list("pk", flat=True):
        send_through(pk)
    return 0


def lost() -> int:
    """Two minutes pass."""
    before = timezone.now() - sending.LOST_AFTER - timedelta(seconds=1)
    Delivery.objects.filter(state=Delivery.State.CLAIMED).update(claimed_at=before)
    sending.find_lost()
    return 0


def stand(slug: str) -> int:
    """Keys and states."""
    rows = Delivery.objects.filter(community__slug=slug).order_by("pk").values_list("key", "state")
    sys.stdout.write(json.dumps(dict(rows)))
    return 0
