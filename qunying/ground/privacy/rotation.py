"""The job that takes every encrypted value from old keys to the current one while the system runs.

Readers know all keys, so a value is readable before, during and after. A value is replaced only where it
is still the one that was read. The job goes over everything until a whole round found nothing to do: a
writer that had not yet seen the new key may have sealed with the old one in the meantime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.members.sealing import keys_now
from qunying.ground.privacy.sealed import sealed_tables
from qunying.kit.crypto import key_id
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.jobs.turns import Turn
    from qunying.ground.privacy.sealed import SealedTable

KIND = "keys.rotate"
LABEL = gettext_lazy("Re-encryption")
CHUNK = 200


def rotation_step(turn: Turn) -> bool:
    """Re-encrypt chunk by chunk, each with its checkpoint in one transaction; whether all is done."""
    tables = sealed_tables()
    at: dict[str, Any] = {"table": 0, "after": 0, "changed": 0, "round": 1, "total": 0} | turn.job.checkpoint
    while at["table"] < len(tables):
        with transaction.atomic():
            at = _chunk(tables, at)
            turn.save(checkpoint=at, done=at["total"], total=turn.job.total)
        turn.tell()
        if turn.over() and at["table"] < len(tables):
            return False
    turn.job.result = {"resealed": at["total"], "rounds": at["round"], "key": keys_now().current}
    return True


def _chunk(tables: list[SealedTable], at: dict[str, Any]) -> dict[str, Any]:
    """The place after the next chunk; behind the last table a new round begins where this one changed anything."""
    table = tables[at["table"]]
    rows = list(table.rows().filter(pk__gt=at["after"]).order_by("pk")[:CHUNK])
    changed = sum(_reseal(table, row) for row in rows)
    after = at | {"changed": at["changed"] + changed, "total": at["total"] + changed}
    if len(rows) == CHUNK:
        return after | {"after": rows[-1].pk}
    after |= {"table": at["table"] + 1, "after": 0}
    if after["table"] == len(tables) and after["changed"]:
        return after | {"table": 0, "changed": 0, "round": at["round"] + 1}
    return after


def _reseal(table: SealedTable, row: Any) -> int:
    held = bytes(row.sealed)
    if key_id(held) == keys_now().current:
        return 0
    try:
        fresh = table.renew(row)
    except (KeyError, InvalidTag) as error:
        raise QunyingError(
            _("Number %(pk)s of the %(table)s cannot be read with any key there is. Put the old keys.json back.")
            % {"pk": row.pk, "table": table.name}
        ) from error
    # Whoever wrote a newer value meanwhile has the last word.
    return table.rows().filter(pk=row.pk, sealed=held).update(**fresh)
