"""Verbs of the lake: move facts in, build it anew.

A batch is stored as a row (number and range of the log) before the lake is touched, then committed
to the lake under that number, then marked. A crash between any two steps leaves a row that is not
marked: the next run looks whether the lake knows the number and adopts it, or writes the range again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from qunying.ground.warehouse.lake import append_batch, create_lake, last_batch, open_lake, remove_lake, tidy
from qunying.ground.warehouse.models import DayMark, LakeBatch
from qunying.ground.warehouse.projection import facts_between, facts_to_move
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

BATCH_ROWS = 50_000
_TIDY_EVERY = 25
_KEEP_ROWS = 1000


def move_batch(*, limit: int = BATCH_ROWS) -> int:
    """Move the next facts into the lake, at most `limit`; how many went in. 0: there was nothing to move."""
    pending = LakeBatch.objects.filter(committed=False).order_by("number").first()
    last = LakeBatch.objects.filter(committed=True).order_by("-number").first()
    if not _lake_matches(last, pending):
        pending, last = None, rebuild_lake()
    if pending:
        return _finish(pending, facts=None)
    facts = facts_to_move((last.to_tx, last.to_id) if last else (0, 0), limit=limit)
    if not facts.num_rows:
        return 0
    return _finish(_store_range(facts, last), facts=facts)


def catch_up() -> int:
    """Move everything that can be moved now, and tidy; how many facts went in."""
    total = 0
    while moved := move_batch():
        total += moved
    return total


def rebuild_lake() -> LakeBatch:
    """Empty the lake and begin again from the first fact; figures already settled are void.

    Nothing is lost: until the facts have been moved again they are read from the log. The numbers of
    batches go on, so that no mark of the old lake is ever mistaken for one of the new.
    """
    with transaction.atomic():
        number = (LakeBatch.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        start = LakeBatch.objects.create(number=number, from_tx=0, from_id=0, to_tx=0, to_id=0, rows=0, committed=True)
        LakeBatch.objects.exclude(number=number).delete()
        DayMark.objects.update(batch=number)
    remove_lake()
    return start


def _lake_matches(last: LakeBatch | None, pending: LakeBatch | None) -> bool:
    """Whether the lake holds what the book says: not where files were taken away, or come from another database."""
    table = open_lake()
    known = last_batch(table) if table else 0
    expected = {pending.number} if pending else set()
    expected.add(last.number if last and last.rows else 0)
    return known in expected


def _store_range(facts: pa.Table, last: LakeBatch | None) -> LakeBatch:
    end = facts.slice(facts.num_rows - 1).to_pylist()[0]
    batch = LakeBatch(
        number=last.number + 1 if last else 1,
        from_tx=last.to_tx if last else 0,
        from_id=last.to_id if last else 0,
        to_tx=end["tx"],
        to_id=end["id"],
        rows=facts.num_rows,
    )
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
            _mark_days(facts, batch.number)
    except IntegrityError as error:
        raise QunyingError(
            _("Another process is moving facts into the warehouse. It will finish by itself.")
        ) from error
    return batch


def _mark_days(facts: pa.Table, number: int) -> None:
    """Void figures over these days before the lake changes: afterwards would leave a gap in a crash."""
    touched = facts.group_by(["community", "day"]).aggregate([]).to_pylist()
    DayMark.objects.bulk_create(
        (DayMark(community_id=row["community"], day=row["day"], batch=number) for row in touched),
        update_conflicts=True,
        unique_fields=["community", "day"],
        update_fields=["batch"],
        batch_size=300,
    )


def _finish(batch: LakeBatch, *, facts: pa.Table | None) -> int:
    table = open_lake() or create_lake()
    if last_batch(table) < batch.number:
        if facts is None:
            facts = facts_between((batch.from_tx, batch.from_id), (batch.to_tx, batch.to_id))
        if facts.num_rows != batch.rows:
            raise QunyingError(
                _(
                    "The warehouse expected %(rows)s facts in batch %(number)s and the log holds %(found)s. "
                    "Run “qunying verify”."
                )
                % {"rows": batch.rows, "number": batch.number, "found": facts.num_rows}
            )
        append_batch(table, facts, number=batch.number)
    _mark_committed(batch, table)
    return batch.rows


def _mark_committed(batch: LakeBatch, table: DeltaTable) -> None:
    LakeBatch.objects.filter(pk=batch.pk).update(committed=True)
    if batch.number % _TIDY_EVERY == 0 and not connection.in_atomic_block:
        LakeBatch.objects.filter(number__lt=batch.number - _KEEP_ROWS).delete()
        tidy(table)
