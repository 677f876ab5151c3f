"""Writing acts down, and sealing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from qunying.ground.audit.chain import FIRST, chain_key, link
from qunying.ground.audit.heads import Head, remember_head
from qunying.ground.audit.models import Act, Lift, Seal
from qunying.ground.audit.queries import LIFT, acts_to_seal, head_is_in_chain, last_seal
from qunying.ground.audit.verbs import audited_verbs
from qunying.kit.sql import current_tx

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor


def write_act(
    verb: str,
    *,
    by: Actor,
    subject_type: str = "",
    subject_id: str | int = "",
    details: dict[str, Any] | None = None,
) -> Act:
    """Append one act, unsealed, in the running transaction; `details` holds ids, counts and digests only."""
    if verb not in audited_verbs():
        raise ValueError(f"the verb {verb} was never declared")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{verb} is written outside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {current_tx(connection)} + {LIFT}")
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


def seal_acts(limit: int = 1000) -> int:
    """Seal up to `limit` acts behind the chain; how many it were, 0 when there is nothing to do.

    Acts are taken in the order (tx, id) and only up to the horizon, so that no older transaction
    can still put one before them. Run by one process at a time (two would ask for the same number,
    and the second is refused by the primary key). The links of one call commit together; then the
    newest is written to the home directory.
    """
    last = last_seal()
    acts = acts_to_seal(limit, behind=last)
    if not acts:
        return 0
    seals = _links(acts, behind=last)
    with transaction.atomic():
        Seal.objects.bulk_create(seals)
        if head_is_in_chain():
            head = Head(seals[-1].number, bytes(seals[-1].digest))
            transaction.on_commit(lambda: remember_head(head))
    return len(seals)


def go_on_with_chain() -> None:
    """After a restore: new acts stand behind those brought back, and the newest link brought back is the head.

    Call it in the transaction that mends what was brought back.
    """
    Lift.objects.all().delete()
    Lift.objects.create(lift=Act.objects.aggregate(newest=Max("tx"))["newest"] or 0)
    last = last_seal()
    if last is None:
        return
    head = Head(last.number, bytes(last.digest))
    transaction.on_commit(lambda: remember_head(head))


def _links(acts: list[Act], *, behind: Seal | None) -> list[Seal]:
    number, before = (behind.number, bytes(behind.digest)) if behind else (0, FIRST)
    key, seals = chain_key(), []
    for act in acts:
        number, before = number + 1, link(key, number + 1, before, act)
        seals.append(Seal(number=number, act=act, digest=before))
    return seals
