"""Bringing files in, as tests do it: write the content, import it, look at the result."""

from __future__ import annotations

import gzip
from io import BytesIO
from typing import TYPE_CHECKING, Any

from qunying.ground.audit.actors import System
from qunying.ground.events.models import Event
from qunying.ground.files.services import store_file
from qunying.ground.imports.services import start_import
from qunying.ground.jobs.services import run_to_end

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community

TESTS = System("tests")


def bring(name: str, content: str | bytes) -> StoredFile:
    """Store a file of this content; a name that ends in .gz is compressed."""
    plain = content.encode() if isinstance(content, str) else content
    data = gzip.compress(plain, mtime=0) if name.endswith(".gz") else plain
    return store_file(BytesIO(data), name=name, purpose="import", by=TESTS)


def bring_path(path: Path) -> StoredFile:
    """Store a file that is there."""
    with path.open("rb") as stream:
        return store_file(stream, name=path.name, purpose="import", by=TESTS)


def import_files(
    files: StoredFile | list[StoredFile],
    format: str,  # noqa: A002 - as in start_import
    community: Community,
    **asked: Any,
) -> dict[str, Any]:
    """Import to the end; the result."""
    given = files if isinstance(files, list) else [files]
    run = start_import(given, format=format, community=community, by=TESTS, queue=False, **asked)
    result: dict[str, Any] = run_to_end(run.job).result
    return result


def counts(result: dict[str, Any]) -> tuple[int, int, int, int]:
    """(rows, stored, duplicates, rejected)."""
    return result["rows"], result["stored"], result["duplicates"], result["rejected"]


def log_of(community: Community) -> list[tuple[str, str, str, str]]:
    """Every fact of the community in the order of time: kind, minute (UTC), account, text."""
    rows = Event.objects.filter(community=community).order_by("occurred_at", "source_key")
    values = rows.values_list("kind", "occurred_at", "identity__external_id", "message__text")
    return [(kind, f"{at:%Y-%m-%d %H:%M}", who, text or "") for kind, at, who, text in values]


def codes(result: dict[str, Any]) -> list[tuple[str, ...]]:
    """(row, column, value, code) of the report's lines."""
    from csv import DictReader  # noqa: PLC0415 - only where a report is read
    from pathlib import Path  # noqa: PLC0415 - as above

    with Path(result["report"]).open(encoding="utf-8-sig", newline="") as file:
        return [(row["row"], row["column"], row["value"], row["code"]) for row in DictReader(file)]
