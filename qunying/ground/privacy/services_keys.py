"""Verbs on the keys that encrypt: take a new one into use, let go of old ones, say how things stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import start_job
from qunying.ground.jobs.turns import OPEN
from qunying.ground.members.sealing import keys_now
from qunying.ground.privacy.rotation import KIND
from qunying.ground.privacy.sealed import sealed_tables
from qunying.kit.crypto import key_id
from qunying.kit.errors import QunyingError
from qunying.kit.keys import replace_keyring, with_new_key, without_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.audit.actors import Actor

ROTATE = declare_verb("privacy.keys.rotate", gettext_lazy("A new key was taken into use."))
FORGET = declare_verb("privacy.keys.forget", gettext_lazy("Old keys that nothing uses any more were destroyed."))

_SETTLED = timedelta(hours=1)
"""Whatever a process sealed with an old key before it saw the new one has been stored by then."""


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """The keys as they stand: the current one, the old ones, and how many values still wait for the current."""

    current: str
    old: list[str]
    waiting: int
    running: int | None
    """The job that re-encrypts, while it is open."""


def rotate_keys(*, by: Actor, queue: bool = True) -> Job:
    """Take a fresh key into use and start the job that brings everything under it.

    Old keys stay in keys.json and go on decrypting: backups need them. A rotation that is running, or was
    broken off, is taken up instead of making another key.
    """
    going_on = Job.objects.filter(kind=KIND, state__in=OPEN).first()
    if going_on is not None:
        return going_on
    status = key_status()
    with transaction.atomic():
        job = start_job(KIND, checkpoint={}, by=by, total=None, queue=queue)
        write_act(ROTATE, by=by, subject_type="job", subject_id=job.pk, details={"waiting": status.waiting})
        if not (status.old and status.waiting):
            # The file is written before the commit: should that fail, there is a key more, and nothing is lost.
            replace_keyring(with_new_key(keys_now(), at=timezone.now().isoformat()), settings.HOME)
    return job


def forget_keys(*, by: Actor) -> list[str]:
    """Destroy the old keys that nothing in the database uses any more; their ids.

    What was sealed with them elsewhere, in a backup that does not carry its own keys, is lost for good.
    """
    now, keyring = timezone.now(), keys_now()
    used = set(_ids_in_use())
    gone = sorted(
        name
        for name, since in keyring.retired.items()
        if name not in used and datetime.fromisoformat(since) < now - _SETTLED
    )
    if Job.objects.filter(state__in=OPEN).exists():
        raise QunyingError(_("Jobs are running that may still need the old keys. Wait until they have ended."))
    if gone:
        with transaction.atomic():
            write_act(FORGET, by=by, details={"keys": len(gone)})
            replace_keyring(without_keys(keyring, gone), settings.HOME)
    return gone


def key_status() -> KeyStatus:
    """How things stand with the keys; reads the head of every encrypted value."""
    keyring = keys_now()
    waiting = sum(name != keyring.current for name in _ids_in_use())
    running = Job.objects.filter(kind=KIND, state__in=OPEN).values_list("pk", flat=True).first()
    return KeyStatus(keyring.current, sorted(set(keyring.data) - {keyring.current}), waiting, running)


def _ids_in_use() -> Iterator[str]:
    for table in sealed_tables():
        for sealed in table.rows().values_list("sealed", flat=True).iterator(chunk_size=2000):
            yield key_id(bytes(sealed))
