"""What processes that are killed do with journeys; loaded by child.py once Django is there."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from qunying.do.journeys.asking import Asking
from qunying.do.journeys.followers import Starter
from qunying.do.journeys.models import Passage, Traveller
from qunying.do.journeys.passing import take_some
from qunying.do.journeys.services import hand_in_version, make_journey, release_version
from qunying.do.reach.models import Delivery
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.audit.actors import System
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.queries import get_community
from qunying.ground.groups.services import ensure_group
from qunying.ground.members.services import Who
from qunying.ground.units.models import Unit

_BY = System("tests")
_STEPS = [
    {"id": "hello", "do": "welcome", "words": "欢迎{name}"},
    {"id": "mark", "do": "tag", "dimension": "阶段", "name": "新人"},
    {"id": "call", "do": "task", "title": "问候{name}"},
    {"id": "day", "do": "wait", "days": 1},
    {"id": "tip", "do": "say", "words": "{name}，早"},
]


def journey(slug: str, number: str) -> int:
    """A journey that runs, and so many people who join."""
    top, community = Unit.objects.get(parent=None), get_community(slug)
    reviewer = create_staff(slug, name=slug, password="only for a test", by=_BY)
    grant_role(reviewer, role="director", unit=top, by=_BY)
    group = ensure_group(community, name=slug, platform="wechat", by=_BY)
    plain = {"trigger": {"on": "joined"}, "steps": _STEPS}
    draft = make_journey(community, name=slug, definition=plain, by=_BY).versions.get()
    hand_in_version(draft, by=_BY)
    release_version(draft, by=reviewer, seen=draft.content_hash)
    while Starter().advance():
        pass
    now = timezone.now()
    whos = [Who("wechat", f"{slug}-{one}", f"花友{one}") for one in range(int(number))]
    facts = [Fact("joined", now, (who.external_id,), who=who, group_id=group.pk) for who in whos]
    record(facts, community=community, source="tests")
    return 0


def walk(days: str) -> int:
    """Follow the log, then take everybody through what is due in so many days."""
    while Starter().advance():
        pass
    while take_some(timezone.now() + timedelta(days=int(days), minutes=int(days)), Asking()):
        pass
    return 0


def ledger(slug: str) -> int:
    """How many began, stand at their end, met each step, and were wanted to be told something."""
    theirs = Traveller.objects.filter(journey__community__slug=slug)
    steps = Passage.objects.filter(traveller__in=theirs).order_by().values_list("step_id").annotate(Count("pk"))
    told = {
        "began": theirs.count(),
        "ended": theirs.filter(state=Traveller.State.ENDED).count(),
        "steps": dict(sorted(steps)),
        "deliveries": Delivery.objects.filter(community__slug=slug, origin="journeys").count(),
    }
    sys.stdout.write(json.dumps(told))
    return 0
