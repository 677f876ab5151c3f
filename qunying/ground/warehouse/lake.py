"""The Delta table: opened, appended to, read as a snapshot, tidied."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import TableNotFoundError

from qunying.ground.warehouse.files import Files, LakeFile, lake_path
from qunying.ground.warehouse.projection import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

_APP = "qunying"
_WRITER = WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=128 * 1024)
_FILES_PER_MONTH = 12
_KEEP_REPLACED = timedelta(hours=2)
_SORT = [("community", "ascending"), ("actor", "ascending"), ("occurred_at", "ascending")]


def open_lake() -> DeltaTable | None:
    """The lake as it is now, or None where there is none yet."""
    try:
        return DeltaTable(str(lake_path()))
    except TableNotFoundError:
        return None


def create_lake() -> DeltaTable:
    """An empty lake, partitioned by month."""
    lake_path().mkdir(parents=True, exist_ok=True)
    return DeltaTable.create(str(lake_path()), schema=pa.schema(SCHEMA), partition_by=["month"])


def remove_lake() -> None:
    """Delete every file of the lake; it can be built again from the log."""
    shutil.rmtree(lake_path(), ignore_errors=True)


def last_batch(table: DeltaTable) -> int:
    """The number of the last batch committed to this version; 0 where there is none."""
    return table.transaction_version(_APP) or 0


def append_batch(table: DeltaTable, facts: pa.Table, *, number: int) -> None:
    """Commit the facts as batch `number`, sorted by (community, member, time).

    `table` must be the very object on which `last_batch` was asked: Delta refuses the commit where
    another one with the same marker came after that version, but not after a reload.
    """
    write_deltalake(
        table,
        facts.select(SCHEMA.names).sort_by(_SORT),
        mode="append",
        writer_properties=_WRITER,
        commit_properties=CommitProperties(app_transactions=[Transaction(_APP, number)]),
    )


def files_of(table: DeltaTable) -> Files:
    """The files of this version of the lake."""
    actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    root = lake_path()
    found = [_file(root, action) for action in actions]
    return Files(table.version(), last_batch(table), tuple(sorted(found, key=lambda file: (file.month, file.path))))


def _file(root: Path, action: dict[str, Any]) -> LakeFile:
    low, high = action.get("min.community"), action.get("max.community")
    return LakeFile(
        path=str(root / action["path"]),
        month=action["partition.month"],
        communities=(low if low is not None else 0, high if high is not None else 2**63 - 1),
        rows=action["num_records"],
    )


def tidy(table: DeltaTable) -> int:
    """Merge the small files of every month that has gathered many; how many months were merged.

    Files that were replaced stay for two hours, for readers that still hold an older snapshot.
    """
    months: dict[str, int] = {}
    for file in files_of(table).files:
        months[file.month] = months.get(file.month, 0) + 1
    crowded = sorted(month for month, count in months.items() if count > _FILES_PER_MONTH)
    for month in crowded:
        table.optimize.z_order(
            ["community", "actor"], partition_filters=[("month", "=", month)], writer_properties=_WRITER
        )
    if crowded:
        table.vacuum(retention_hours=_KEEP_REPLACED.seconds // 3600, enforce_retention_duration=False, dry_run=False)
        table.create_checkpoint()
    return len(crowded)
