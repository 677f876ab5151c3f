"""The right to run something alone: taken by a conditional update, lost by not renewing it."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from qunying.ground.events.models import Lease

LEASE_SECONDS = 15


def new_holder() -> str:
    """A name for this process, never used twice."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:8]}"


def hold_lease(name: str, *, holder: str, seconds: int = LEASE_SECONDS) -> bool:
    """Take or renew the lease; True where `holder` has it now, until `seconds` from now."""
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    mine_or_expired = Lease.objects.filter(name=name).filter(Q(holder=holder) | Q(until__lt=now))
    if mine_or_expired.update(holder=holder, until=until):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
    except IntegrityError:
        return False
    return True


def release_lease(name: str, *, holder: str) -> None:
    """Give the lease back, if it is still ours."""
    Lease.objects.filter(name=name, holder=holder).delete()
