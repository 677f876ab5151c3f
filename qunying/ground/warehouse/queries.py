"""Reading the lake together with what it does not hold yet."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from qunying.ground.events.followers import Lag
from qunying.ground.events.queries import visible_after
from qunying.ground.warehouse.files import NO_FILES, Files, lake_path
from qunying.ground.warehouse.models import DayMark, LakeBatch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts at one moment: the files of one lake version, and every committed fact after its cursor."""

    lake: Files
    tail: pa.Table


class _Opened:
    """The lake as this process last read it; looked at again only when its log has grown."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.seen: tuple[str, int, int] | None = None
        self.files = NO_FILES

    def current(self) -> Files:
        """The files of the newest version."""
        from qunying.ground.warehouse.lake import files_of, open_lake

        with self.lock:
            if self.seen is None or self.seen != _entry(self.files.version) or _entry(self.files.version + 1):
                table = open_lake()
                self.files = files_of(table) if table else NO_FILES
                self.seen = _entry(self.files.version)
            return self.files


def _entry(version: int) -> tuple[str, int, int] | None:
    """What tells this version's entry in the lake's log from any other, also from that of a lake built anew."""
    try:
        told = (lake_path() / "_delta_log" / f"{version:020}.json").stat()
    except FileNotFoundError:
        return None
    return str(lake_path()), told.st_ino, told.st_mtime_ns


_opened = _Opened()


def open_snapshot() -> Snapshot:
    """The lake now, with the tail of the log after the cursor of that very version."""
    from qunying.ground.warehouse.projection import facts_after

    files = _opened.current()
    batch = LakeBatch.objects.filter(number=files.batch).first() if files.batch else None
    if batch is None or not batch.rows:
        # No lake, or one that is not of this log: everything is read from the log itself.
        return Snapshot(NO_FILES, facts_after((0, 0)))
    return Snapshot(files, facts_after((batch.to_tx, batch.to_id)))


def waiting() -> Lag:
    """How many facts the lake does not hold yet, and how long the oldest has waited."""
    last = LakeBatch.objects.filter(committed=True).order_by("-number").first()
    behind = visible_after(last.to_tx if last else 0, last.to_id if last else 0)
    oldest = behind.first()
    return Lag(behind.count(), timezone.now() - oldest.recorded_at if oldest else None)


def touched_since(batch: int, *, communities: Iterable[int], first: date | None, last: date | None) -> bool:
    """Whether a batch after this one touched a day of these communities between two local days."""
    limits = {"batch > %s": batch, "day >= %s": first, "day <= %s": last}
    told = {limit: value for limit, value in limits.items() if value is not None}
    where = " AND ".join([_among(communities), *told])
    # Asked for every figure of a page: without the ORM it costs a tenth.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM warehouse_daymark WHERE {where} LIMIT 1", [*told.values()])  # noqa: S608 - constants and integers
        return cursor.fetchone() is not None


def last_marked_day(communities: Iterable[int]) -> date | None:
    """The last local day of these communities that holds facts in the lake."""
    newest: date | None = DayMark.objects.filter(community__in=list(communities)).aggregate(last=Max("day"))["last"]
    return newest


def _among(communities: Iterable[int]) -> str:
    return f"community_id IN ({', '.join(str(int(pk)) for pk in communities)})"
