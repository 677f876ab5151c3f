"""What is looked at in the database and in the processes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.ground.audit.queries import head_is_in_chain
from qunying.ground.backups.models import Backup
from qunying.ground.backups.recovery import recovery_public
from qunying.ground.events.followers import followers
from qunying.ground.events.loop import LEASE
from qunying.ground.events.models import Event, Lease, ParkedEvent
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.queries import queues
from qunying.ground.patrol.checks import Seen, State
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.services_health import health_of
from qunying.ground.privacy.services_keys import key_status

if TYPE_CHECKING:
    from datetime import datetime

LATE = timedelta(minutes=5)
_STUCK = timedelta(hours=1)
_PATIENCE = {"fast": timedelta(minutes=5)}
"""How long a task may wait for a worker; on other clusters for as long as a job may."""
_DAY = timedelta(days=1)
_MOST_QUEUED = 1_000
_BACKUP_AGE = timedelta(hours=30)
_TRIED = timedelta(days=180)
_SEAL_AGE = timedelta(minutes=5)
_SKEW = timedelta(seconds=5)
_MOST_SQLITE_GB = 50


def look_database() -> Seen:
    """Whether it answers and is as new as the program."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return Seen(State.BAD, "silent")
    behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if behind:
        return Seen(State.BAD, "old", {"count": behind})
    return Seen(State.WELL, "well", {"engine": connection.vendor})


def look_encryption() -> Seen:
    """Whether a rotation of keys was left unfinished."""
    now = key_status()
    told = {"key": now.current, "old": len(now.old), "waiting": now.waiting}
    left = now.waiting and now.running is None
    return Seen(State.WARNING if left else State.WELL, "left" if left else "well", told)


def look_size() -> Seen:
    """How large the database is, and whether SQLite is outgrown."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return Seen(State.WELL, "well", {"gb": _gb(cursor.fetchone()[0])})
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        size = cursor.fetchone()[0]
    state = State.WARNING if size > _MOST_SQLITE_GB * 1e9 else State.WELL
    return Seen(state, "large" if state is State.WARNING else "well", {"gb": _gb(size)})


def _gb(size: int) -> str:
    return f"{size / 1e9:.2f}"


def look_loop() -> Seen:
    """Whether a process moves the followers. That facts wait for one is told by the lag, and is worse."""
    there = Lease.objects.filter(name=LEASE, until__gte=timezone.now() - timedelta(seconds=30)).exists()
    return Seen(State.WELL, "well") if there else Seen(State.WARNING, "none")


def look_lag() -> Seen:
    """How far the slowest follower is behind."""
    lags = [(lag.oldest, one.name) for one in followers() if (lag := one.lag()).oldest]
    oldest, name = max(lags, default=(timedelta(), ""))
    seconds = round(oldest.total_seconds())
    if oldest > LATE:
        return Seen(State.BAD, "late", {"seconds": seconds, "name": name})
    return Seen(State.WELL, "well", {"seconds": seconds})


def look_parked() -> Seen:
    """Facts a follower could not digest."""
    count = ParkedEvent.objects.count()
    return Seen(State.WARNING, "some", {"count": count}) if count else Seen(State.WELL, "well")


def look_jobs() -> Seen:
    """Jobs that failed since yesterday."""
    failed = Job.objects.filter(state=Job.State.FAILED, ended_at__gte=timezone.now() - _DAY).count()
    return Seen(State.WARNING, "some", {"count": failed}) if failed else Seen(State.WELL, "well")


def look_queue() -> Seen:
    """Whether workers take up what waits."""
    found = queues()
    waiting = sum(queue.waiting for queue in found)
    late = [queue for queue in found if queue.oldest > _PATIENCE.get(queue.cluster, _STUCK)]
    stuck = Job.objects.filter(state=Job.State.WAITING, created_at__lt=timezone.now() - _STUCK).count()
    if stuck:
        return Seen(State.BAD, "stuck", {"count": stuck})
    if late:
        worst = max(late, key=lambda queue: queue.oldest)
        minutes = round(worst.oldest.total_seconds() / 60)
        return Seen(State.BAD, "late", {"cluster": worst.cluster, "count": worst.waiting, "minutes": minutes})
    if waiting > _MOST_QUEUED:
        return Seen(State.WARNING, "long", {"count": waiting})
    return Seen(State.WELL, "well", {"count": waiting})


def look_backup() -> Seen:
    """How old the last good backup is."""
    last = Backup.objects.filter(state=Backup.State.DONE).aggregate(at=Max("ended_at"))["at"]
    if not settings.BACKUP_DIRECTORY:
        return Seen(State.WARNING, "off")
    if recovery_public() is None:
        return Seen(State.BAD, "keyless")
    if last is None or timezone.now() - last > _BACKUP_AGE:
        return Seen(State.BAD, "old", {"hours": _hours(last)})
    return Seen(State.WELL, "well", {"hours": _hours(last)})


def _hours(at: datetime | None) -> str:
    return "—" if at is None else str(round((timezone.now() - at).total_seconds() / 3600))


def look_drill() -> Seen:
    """Whether somebody has opened a backup within half a year."""
    verbs = ("backups.check", "backups.restore")
    last = Act.objects.filter(verb__in=verbs).aggregate(at=Max("at"))["at"]
    if last is None or timezone.now() - last > _TRIED:
        return Seen(State.WARNING, "never")
    return Seen(State.WELL, "well", {"days": (timezone.now() - last).days})


def look_seals() -> Seen:
    """Whether acts are sealed, and the end of the chain is there."""
    if not head_is_in_chain():
        return Seen(State.BAD, "cut")
    late = Act.objects.filter(seal=None, at__lt=timezone.now() - _SEAL_AGE).count()
    return Seen(State.WARNING, "late", {"count": late}) if late else Seen(State.WELL, "well")


def look_clock() -> Seen:
    """Whether this machine's clock agrees with the database's, and with the last fact recorded."""
    now = timezone.now()
    newest = Event.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    skew = max(newest - now, timedelta()) if newest else timedelta()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            skew = max(skew, abs(cursor.fetchone()[0] - timezone.now()))
    seconds = round(skew.total_seconds(), 1)
    return Seen(State.BAD if skew > _SKEW else State.WELL, "off" if skew > _SKEW else "well", {"seconds": seconds})


def look_accounts() -> Seen:
    """Whether the accounts on platforms work, as the last look at each saw it."""
    states = [health_of(account) for account in Account.objects.all()]
    told = {"count": len(states) - states.count("paused"), "ill": states.count("ill")}
    return Seen(State.WARNING if told["ill"] else State.WELL, "ill" if told["ill"] else "well", told)
