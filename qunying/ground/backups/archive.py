"""What lies inside a backup once it is opened: a tar of small parts, with the manifest behind them.

    keys.json                     the keys of the installation
    home/…                        uploaded files, made reports, the logo, as they lie in the home directory
    rows/TABLE/000001.jsonl.gz    rows of a table, a JSON list each, in the order of the manifest's columns
    manifest.json                 version, moment, changes of the database, tables, columns, counts, digests

Everything in it is of a kind any tool reads: a backup outlives the program that made it.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any

from qunying.kit.vault import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
MANIFEST = "manifest.json"
KEYS = "keys.json"
HOME = "home/"
_ROWS = re.compile(r"rows/([a-z0-9_]+)/(\d{6,})\.jsonl\.gz")
_PLACE = re.compile(r"home(/(?!\.\.?(/|$))[^/\\\x00-\x1f]+)+")
_BLOCK = 1024 * 1024
_MOST_PART = 1024**3


@dataclass(slots=True)
class Part:
    """One member of the archive; `stream` reads it once, before the next is asked for."""

    name: str
    size: int
    stream: IO[bytes]

    @property
    def table(self) -> str:
        """The table whose rows it holds; '' where it holds none."""
        found = _ROWS.fullmatch(self.name)
        return found.group(1) if found else ""

    @property
    def place(self) -> str:
        """Where it belongs below the home directory; '' where it is no file of it."""
        return self.name.removeprefix(HOME) if self.name.startswith(HOME) else ""

    def rows(self) -> list[list[Any]]:
        """The rows it holds."""
        return [json.loads(line) for line in gzip.decompress(self.stream.read()).splitlines()]


@dataclass(slots=True)
class Packer:
    """Writes an archive, one part after the other, and remembers the digest of each."""

    tar: tarfile.TarFile
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """A part out of memory."""
        self.add_stream(name, io.BytesIO(content), len(content))

    def add_rows(self, table: str, number: int, rows: list[tuple[Any, ...]]) -> None:
        """A part of a table."""
        lines = "\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        packed = gzip.compress(lines.encode("utf-8", "surrogatepass"), compresslevel=3, mtime=0)
        self.add(f"rows/{table}/{number:06}.jsonl.gz", packed)

    def add_file(self, name: str, path: Path) -> bool:
        """A file of the home directory; False where it was removed meanwhile."""
        try:
            with path.open("rb") as stream:
                self.add_stream(name, stream, path.stat().st_size)
        except FileNotFoundError:
            return False
        return True

    def add_stream(self, name: str, stream: IO[bytes], size: int) -> None:
        """A part of this many bytes."""
        about = tarfile.TarInfo(name)
        about.size = size
        about.mode = 0o600
        state = _Digesting(stream)
        self.tar.addfile(about, state)
        self.digests[name] = state.state.hexdigest()


class _Digesting:
    """A stream that digests what is read of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.state = stream, sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.state.update(data)
        return data


def parts(stream: IO[bytes], *, name: str) -> Iterator[Part]:
    """The parts of an archive in their order; raises QunyingError for anything that has no business in one."""
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=_BLOCK) as tar:
            for about in tar:
                content = tar.extractfile(about) if about.isreg() else None
                if content is None or not _is_known(about.name):
                    raise damaged(name)
                yield Part(about.name, about.size, content)
    except (tarfile.TarError, EOFError):
        raise damaged(name) from None
    while stream.read(_BLOCK):  # to the very end, where the last frame shows that nothing was cut off
        pass


def _is_known(name: str) -> bool:
    return name in {MANIFEST, KEYS} or bool(_ROWS.fullmatch(name) or _PLACE.fullmatch(name))


def read_through(stream: IO[bytes], *, name: str) -> dict[str, Any]:
    """Read everything once without keeping it; the manifest, where every part is what it says."""
    manifest: dict[str, Any] = {}
    digests: dict[str, str] = {}
    for part in parts(stream, name=name):
        if part.name == MANIFEST:
            manifest = json.loads(part.stream.read(_MOST_PART))
            continue
        state = sha256()
        while block := part.stream.read(_BLOCK):
            state.update(block)
        digests[part.name] = state.hexdigest()
    if manifest.get("digests") != digests:
        raise damaged(name)
    return manifest
