"""Writing acts down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.ground.audit.verbs import audited_verbs
from qunying.kit.sql import current_tx

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor


def write_act(
    verb: str, *, by: Actor, subject_type: str = "", subject_id: str | int = "", details: dict[str, Any] | None = None
) -> Act:
    """Append one act, unsealed, in the running transaction; `details` holds ids, counts and digests only."""
    if verb not in audited_verbs():
        raise ValueError(f"the verb {verb} was never declared")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{verb} is written outside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {current_tx(connection)}")
        tx = cursor.fetchone()[0]
    return Act.objects.create(
        tx=tx,
        at=timezone.now(),
        actor=by.actor_key,
        verb=verb,
        subject_type=subject_type,
        subject_id=str(subject_id),
        details=details or {},
    )
