"""The nightly look at every community, as a job in steps."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from qunying.act.suggestions.models import Night
from qunying.act.suggestions.services import look_now
from qunying.ground.audit.actors import System
from qunying.ground.groups.models import Community
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import start_job
from qunying.ground.jobs.turns import OPEN

if TYPE_CHECKING:
    from qunying.ground.jobs.turns import Turn

KIND = "suggestions"
NIGHT = System("suggestions")
_HOUR = 3
"""From three in the morning, local: yesterday is over, and late imports of the evening are in."""


def start_where_due() -> Job | None:
    """Start the look where a community's night has come and nobody has looked; None where none has."""
    if Job.objects.filter(kind=KIND, state__in=OPEN).exists():
        return None
    waiting = waiting_communities()
    if not waiting:
        return None
    return start_job(KIND, checkpoint={"after": 0}, by=NIGHT, total=len(waiting))


def waiting_communities(after: int = 0) -> list[Community]:
    """Communities beyond this id whose local day has begun three hours ago and that were not looked at on it."""
    now = timezone.now()
    found = []
    for community in Community.objects.filter(pk__gt=after).order_by("pk"):
        local = now.astimezone(ZoneInfo(community.timezone))
        if local.hour >= _HOUR and not Night.objects.filter(community=community, day=local.date()).exists():
            found.append(community)
    return found


def step(turn: Turn) -> bool:
    """Look at communities until the turn is over; each commits by itself, and twice is the same as once."""
    done = turn.job.done
    for community in waiting_communities(int(turn.job.checkpoint.get("after", 0))):
        look_now(community, by=NIGHT)
        done += 1
        turn.save(checkpoint={"after": community.pk}, done=done)
        if turn.over():
            return False
    return True
