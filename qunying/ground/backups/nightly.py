"""Backups without anybody at the keyboard: every night, and when a page asks for one; old ones go in turn."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.actors import System
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.backups.models import Backup
from qunying.ground.backups.recovery import recovery_public
from qunying.ground.backups.services import make_backup
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor

ASK = declare_verb("backups.ask", gettext_lazy("A backup was asked for."))
SUFFIX = ".qybackup"
_DEAD = timedelta(minutes=30)
_TOUCH_ROWS = 100_000
_log = logging.getLogger(__name__)
_OPEN = (Backup.State.WAITING, Backup.State.RUNNING)


@transaction.atomic
def ask_backup(*, by: Actor) -> Backup:
    """Have a backup made as soon as the follower loop comes by; raises QunyingError where none can be."""
    _require_ready()
    if Backup.objects.filter(state__in=_OPEN).exists():
        raise QunyingError(_("A backup is being made already."))
    backup = Backup.objects.create(actor=by.actor_key)
    write_act(ASK, by=by, subject_type="backup", subject_id=backup.pk)
    return backup


def _require_ready() -> None:
    if not settings.BACKUP_DIRECTORY:
        raise QunyingError(_("No directory for backups is set. Set QUNYING_BACKUP_DIR and start Qunying again."))
    if recovery_public() is None:
        raise QunyingError(_("There is no recovery key to lock it with. Run “qunying recovery-key” on the machine."))


def begin_due() -> int | None:
    """Begin the backup that is due, in a process of its own; its number, or None where none is.

    Run by the follower loop, which must not wait: a large installation is written for minutes.
    """
    if not settings.BACKUP_DIRECTORY or recovery_public() is None:
        return None
    _bury_dead()
    _plan_night(datetime.now().astimezone())
    waiting = Backup.objects.filter(state=Backup.State.WAITING).order_by("pk").first()
    if waiting is None or not Backup.objects.filter(pk=waiting.pk, state=Backup.State.WAITING).update(
        state=Backup.State.RUNNING, touched_at=timezone.now()
    ):
        return None
    command = [sys.executable, "-m", "qunying.doors.cli", "backup-now", str(waiting.pk)]
    subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)
    return waiting.pk


def _plan_night(now: datetime) -> None:
    """One backup a day, from the hour on at which nights begin by this machine's clock."""
    if now.hour < settings.BACKUP_HOUR or Backup.objects.filter(night=now.date()).exists():
        return
    try:
        with transaction.atomic():
            Backup.objects.create(night=now.date(), actor="system:backups")
    except IntegrityError:  # another process was quicker
        return


def _bury_dead() -> None:
    """What has not moved for half an hour has died with its process."""
    dead = Backup.objects.filter(state=Backup.State.RUNNING, touched_at__lt=timezone.now() - _DEAD)
    dead.update(
        state=Backup.State.FAILED, ended_at=timezone.now(), error=_("It stopped half-way, as when a machine goes down.")
    )


def carry_out(pk: int) -> Backup:
    """Make the backup of this number into the directory for backups, and remove those whose turn is over."""
    backup = Backup.objects.get(pk=pk)
    public = recovery_public()
    try:
        _require_ready()
        folder = Path(settings.BACKUP_DIRECTORY)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"qunying-{timezone.now():%Y%m%d-%H%M%S}-{pk}{SUFFIX}"
        made = make_backup(path, locks=[public] if public else [], by=System("backups"), tell=_Toucher(pk))
    except Exception as error:
        _log.exception("backup %s failed", pk)
        told = str(error) if isinstance(error, (QunyingError, OSError)) else type(error).__name__
        Backup.objects.filter(pk=pk).update(state=Backup.State.FAILED, error=told, ended_at=timezone.now())
        raise
    done = {"path": str(path), "size": made.size, "rows": made.rows, "digest": made.digest}
    Backup.objects.filter(pk=pk).update(state=Backup.State.DONE, ended_at=timezone.now(), **done)
    rotate()
    backup.refresh_from_db()
    return backup


class _Toucher:
    """Shows now and then that the backup is alive."""

    def __init__(self, pk: int) -> None:
        self._pk, self._next = pk, _TOUCH_ROWS

    def __call__(self, rows: int) -> None:
        if rows >= self._next:
            self._next = rows + _TOUCH_ROWS
            Backup.objects.filter(pk=self._pk).update(rows=rows, touched_at=timezone.now())


def rotate() -> int:
    """Remove all but the newest good backups that were made here; how many went. Other files are never touched."""
    kept = Backup.objects.filter(state=Backup.State.DONE).order_by("-ended_at", "-pk")
    old = list(kept[max(settings.BACKUP_KEEP, 1) :])
    for backup in old:
        Path(backup.path).unlink(missing_ok=True)
        Backup.objects.filter(pk=backup.pk).update(state=Backup.State.REMOVED)
    return len(old)
