"""Every file of the installation: searched for a person, and what is done with a file that holds them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.db import connection

from qunying.ground.files.models import StoredFile
from qunying.ground.files.services import remove_contents
from qunying.ground.subjects.needles import Needle, Sort
from qunying.ground.subjects.tables import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qunying.ground.audit.actors import Actor

_BLOCK = 1024 * 1024
_OVERLAP = 4096
_DEEPEST = 3
_WORDS = {"string", "large_string", "binary"}
_KEYS = {"keys.json", "erasures.jsonl", "audit.head"}
"""Files of ours that hold keys and digests only."""


def search_files(needles: Sequence[Needle]) -> list[Trace]:
    """Every file below the home directory, the uploads and the lake that holds a needle.

    Archives and workbooks are opened, Parquet is read column by column. The database's own file is read as
    bytes: what was deleted must be gone from it, too.
    """
    return [Trace(str(path)) for path in holding(needles)]


def holding(needles: Sequence[Needle]) -> list[Path]:
    """The paths of these files."""
    wanted = [needle for needle in needles if needle.sort is not Sort.NAME or len(needle.text) > 1]
    return [path for path in _all_files() if holds(path, wanted)]


def _all_files() -> list[Path]:
    roots = {Path(settings.HOME), Path(settings.UPLOADS), Path(settings.LAKE)}
    found = {path for root in roots if root.is_dir() for path in root.rglob("*") if path.is_file()}
    return sorted(path for path in found if path.name not in _KEYS and not _is_database(path))


def _is_database(path: Path) -> bool:
    return connection.vendor == "sqlite" and str(path).startswith(str(connection.settings_dict["NAME"]))


def database_files() -> list[Path]:
    """The files of an SQLite database: itself, its log, the index of the log."""
    if connection.vendor != "sqlite":
        return []
    name = str(connection.settings_dict["NAME"])
    return [path for path in (Path(f"{name}{end}") for end in ("", "-wal", "-shm")) if path.exists()]


def holds(path: Path, needles: Sequence[Needle]) -> bool:
    """Whether a needle stands in this file, however it is packed."""
    try:
        if path.suffix == ".parquet":
            return _in_parquet(path, needles)
        with path.open("rb") as file:
            return _in_stream(file, needles, depth=0)
    except FileNotFoundError:  # gone since the folder was listed
        return False


def _in_stream(file: IO[bytes], needles: Sequence[Needle], *, depth: int) -> bool:
    if depth < _DEEPEST and file.read(2) == b"PK" and _seek(file) and zipfile.is_zipfile(file):
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            return any(_in_member(archive, name, needles, depth=depth) for name in archive.namelist())
    file.seek(0)
    return any(needle.in_bytes.search(block) for block in _blocks(file) for needle in needles)


def _seek(file: IO[bytes]) -> bool:
    file.seek(0)
    return True


def _in_member(archive: zipfile.ZipFile, name: str, needles: Sequence[Needle], *, depth: int) -> bool:
    if any(needle.pattern.search(name) for needle in needles):
        return True
    with archive.open(name) as member:
        return _in_stream(member, needles, depth=depth + 1)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces that overlap, so that nothing hides on a border."""
    tail = b""
    while block := file.read(_BLOCK):
        yield tail + block
        tail = (tail + block)[-_OVERLAP:]


def _in_parquet(path: Path, needles: Sequence[Needle]) -> bool:
    import pyarrow.parquet as pq

    table = pq.ParquetFile(path)
    columns = zip(table.schema_arrow.names, table.schema_arrow.types, strict=True)
    words = [name for name, kind in columns if str(kind) in _WORDS]
    for batch in table.iter_batches(columns=words):
        for name in words:
            texts = {value for value in batch.column(name).unique().to_pylist() if value}
            joined = "\0".join(str(text) for text in texts)
            if any(needle.pattern.search(joined) for needle in needles):
                return True
    return False


def clear_files(needles: Sequence[Needle], *, by: Actor, rebuild: Callable[[], object]) -> dict[str, int]:
    """Deal with every file that holds a needle; how many of each sort.

    Uploads lose their content, whatever else lies in the folder of uploads (reports on rejected rows,
    reports made) is deleted, the lake is built anew, other text files lose the lines concerned.
    """
    done = {"uploads": 0, "reports": 0, "lake": 0, "lines": 0}
    for path in holding(needles):
        if path.is_relative_to(settings.LAKE):
            done["lake"] = 1
        elif path.is_relative_to(settings.UPLOADS):
            done["uploads"] += remove_contents(StoredFile.objects.filter(digest=path.name), by=by)
            done["reports"] += path.exists()
            path.unlink(missing_ok=True)
        else:
            done["lines"] += _drop_lines(path, needles)
    if done["lake"]:
        rebuild()
    return done


def _drop_lines(path: Path, needles: Sequence[Needle]) -> int:
    """Rewrite a log without the lines that hold a needle; other kinds of files are left for a person to see."""
    if path.suffix not in {".log", ".txt", ".jsonl", ".csv"}:
        return 0
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not any(needle.in_bytes.search(line) for needle in needles)]
    path.write_bytes(b"".join(kept))
    return len(lines) - len(kept)
