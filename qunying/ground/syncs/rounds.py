"""The round over every tied group: each night by itself, and when a person asks for it; a job in steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from qunying.ground.audit.actors import System
from qunying.ground.groups.models import Group
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import start_job
from qunying.ground.jobs.turns import OPEN
from qunying.ground.platforms.port import connectors
from qunying.ground.syncs.models import Sync
from qunying.ground.syncs.services import reconcile_group

if TYPE_CHECKING:
    from collections.abc import Collection

    from qunying.ground.audit.actors import Actor
    from qunying.ground.jobs.turns import Turn
    from qunying.ground.units.models import Unit

KIND = "reconcile"


def begin_round(groups: Collection[int], *, by: Actor, unit: Unit | None = None, night: date | None = None) -> Job:
    """Have these groups (ids) compared with their platform, one after another."""
    checkpoint = {"groups": sorted(groups), "night": night.isoformat() if night else None}
    return start_job(KIND, checkpoint=checkpoint, by=by, unit=unit, total=len(groups))


def begin_night() -> int:
    """Begin the night's round once the hour has come, over the groups it has not seen; how many.

    A platform loses what it could not deliver after a few tries, so once a day the lists themselves are compared.
    """
    now = datetime.now().astimezone()
    if now.hour < settings.BACKUP_HOUR or Job.objects.filter(kind=KIND, actor="system:syncs", state__in=OPEN).exists():
        return 0
    tied = Group.objects.filter(account__isnull=False, account__paused_at=None, platform__in=list(connectors()))
    seen = Sync.objects.filter(night=now.date()).values("group")
    waiting = list(tied.exclude(pk__in=seen).values_list("pk", flat=True))
    if waiting:
        begin_round(waiting, by=System("syncs"), night=now.date())
    return len(waiting)


def step(turn: Turn) -> bool:
    """Compare one group after another until the turn is over; whether all are done."""
    groups = list(turn.job.checkpoint["groups"])
    night = turn.job.checkpoint["night"]
    total = turn.job.total or len(groups)
    while groups:
        _compare(groups[0], date.fromisoformat(night) if night else None)
        groups = groups[1:]
        with transaction.atomic():
            turn.save(checkpoint={"groups": groups, "night": night}, done=total - len(groups), total=total)
        turn.tell()
        if groups and turn.over():
            return False
    return True


def _compare(group_id: int, night: date | None) -> None:
    """Once each night, also where a step is taken again after a crash; a group untied meanwhile is passed over."""
    group = Group.objects.select_related("account", "community").filter(pk=group_id, account__isnull=False).first()
    if group is None or (night is not None and Sync.objects.filter(group=group, night=night).exists()):
        return
    reconcile_group(group, night=night)
