"""Writing a backup: snapshot, archive, vault, all as streams, so that memory stays flat."""

from __future__ import annotations

import io
import json
import os
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from qunying.ground.backups.archive import FORMAT, HOME, KEYS, MANIFEST, Packer, read_through
from qunying.ground.backups.layout import tables
from qunying.ground.backups.recovery import NAME as RECOVERY
from qunying.ground.backups.snapshot import snapshot
from qunying.kit.keys import KEYRING_NAME
from qunying.kit.vault import VaultReader, VaultWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qunying.ground.backups.layout import Table
    from qunying.ground.backups.snapshot import Snapshot
    from qunying.kit.vault import Passphrase, PublicKey

_BUFFER = 1024 * 1024
_BESIDE = ("logo.png", "logo.jpg", RECOVERY)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that lies on the disk and was read back: its size, rows, files and SHA-256."""

    path: Path
    size: int
    rows: int
    files: int
    digest: str
    made_at: datetime


def write_backup(target: Path, locks: Sequence[Passphrase | PublicKey], *, tell: Callable[[int], object]) -> Made:
    """Write the backup beside its place, read it back, then give it its name: a file of that name is whole.

    `tell(rows)` is called now and then. Whatever was committed before the call is in it.
    """
    fresh = target.with_name(f"{target.name}.part-{os.getpid()}")
    moment = datetime.now(UTC)
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb", buffering=_BUFFER) as out:
            vault = VaultWriter(out, locks)
            rows, files = _pack(vault, moment, tell)
            vault.close()
            out.flush()
            os.fsync(out.fileno())
        digest = _read_back(fresh, vault.file_key, name=target.name)
        fresh.replace(target)
        _settle(target.parent)
        return Made(target, target.stat().st_size, rows, files, digest, moment)
    finally:
        fresh.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_back(path: Path, file_key: bytes, *, name: str) -> str:
    """The digest of the file as the disk gives it back; raises QunyingError where that is not what was written."""
    with path.open("rb") as plain:
        state = Tallying(plain)
        read_through(io.BufferedReader(VaultReader(state, file_key, name=name), _BUFFER), name=name)
        return state.state.hexdigest()


class Tallying(io.RawIOBase):
    """A file that digests what is read of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self.stream, self.state = stream, sha256()

    def read(self, size: int = -1, /) -> bytes:
        """Bytes of the file."""
        data = self.stream.read(size)
        self.state.update(data)
        return data


def _pack(vault: VaultWriter, moment: datetime, tell: Callable[[int], object]) -> tuple[int, int]:
    with tarfile.open(fileobj=vault, mode="w|", bufsize=_BUFFER, format=tarfile.PAX_FORMAT) as tar, snapshot() as shot:
        packer = Packer(tar)
        packer.add(KEYS, (settings.HOME / KEYRING_NAME).read_bytes())
        counted, last_ids, rows = [], shot.last_ids(), 0
        for table in tables():
            about = _pack_table(packer, shot, table, partial(_tell_on, tell, rows))
            rows += about["rows"]
            counted.append(about | {"last_id": last_ids.get(table.name, 0)})
        files = sum(packer.add_file(f"{HOME}{place}", path) for place, path in _home_files())
        manifest = {
            "format": FORMAT,
            "version": version("qunying"),
            "made_at": moment.isoformat(),
            "database": connection.vendor,
            "changes": _changes(),
            "tables": counted,
            "files": files,
            "digests": packer.digests,
        }
        packer.add(MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())
    return rows, files


def _tell_on(tell: Callable[[int], object], before: int, more: int) -> None:
    tell(before + more)


def _pack_table(packer: Packer, shot: Snapshot, table: Table, tell: Callable[[int], object]) -> dict[str, Any]:
    rows = 0
    for number, chunk in enumerate(shot.rows(table), 1):
        packer.add_rows(table.name, number, chunk)
        rows += len(chunk)
        tell(rows)
    return {"name": table.name, "columns": [list(column) for column in table.columns], "own": table.own, "rows": rows}


def _changes() -> list[list[str]]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted([app, name] for app, name in applied)


def _home_files() -> Iterator[tuple[str, Path]]:
    """What lies in the home directory beside the database and the lake, with its place there."""
    uploads = Path(settings.UPLOADS)
    for path in sorted(uploads.rglob("*")):
        if path.is_file() and not path.name.startswith("coming-"):
            yield f"files/{path.relative_to(uploads).as_posix()}", path
    for name in _BESIDE:
        path = Path(settings.HOME) / name
        if path.is_file():
            yield name, path
