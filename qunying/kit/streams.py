"""Opening files of any size for reading: gzip seen through, bombs and endless lines refused."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from _typeshed import WriteableBuffer

MOST_LINE_BYTES = 1024 * 1024
_BUFFER = 256 * 1024
_RATIO_FROM_BYTES = 64 * 1024 * 1024
_MOST_RATIO = 200
_MOST_SHEET_BYTES = 1024 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


class GuardedStream(io.RawIOBase):
    """A file's plain bytes, decompressed on the way; `fraction` is how much of the file was read.

    Raises QunyingError where a line never ends, where it unpacks to far too much, or where it is damaged.
    """

    def __init__(self, path: Path, *, most_line: int | None = MOST_LINE_BYTES) -> None:
        super().__init__()
        self.name = path.name
        self._size = path.stat().st_size
        self._file = path.open("rb")
        packed = self._file.peek(2)[:2] == _GZIP
        self._plain = cast("IO[bytes]", gzip.GzipFile(fileobj=self._file)) if packed else self._file
        self._most_line = most_line
        self._line = 0
        self._out = 0

    def readable(self) -> bool:
        """Always."""
        return True

    @property
    def fraction(self) -> float:
        """Between 0 and 1: how far the file on disk has been read."""
        return min(self._file.tell() / self._size, 1.0) if self._size else 1.0

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer with plain bytes; 0 at the end."""
        view = memoryview(buffer).cast("B")
        try:
            data = self._plain.read(len(view))
        except (EOFError, OSError, zlib.error) as error:
            raise QunyingError(
                _("“%(name)s” is damaged: it stops unpacking part of the way. Fetch it again.") % {"name": self.name}
            ) from error
        self._guard(data)
        view[: len(data)] = data
        return len(data)

    def _guard(self, data: bytes) -> None:
        self._out += len(data)
        if self._out > _RATIO_FROM_BYTES and self._out > _MOST_RATIO * max(self._file.tell(), 1):
            raise QunyingError(
                _(
                    "“%(name)s” unpacks to more than %(ratio)d times its size and is refused. "
                    "Unpack it yourself and look at it first."
                )
                % {"name": self.name, "ratio": _MOST_RATIO}
            )
        newline = data.rfind(b"\n")
        self._line = self._line + len(data) if newline < 0 else len(data) - newline - 1
        if self._most_line is not None and self._line > self._most_line:
            raise QunyingError(
                _(
                    "“%(name)s” holds a line of more than %(most)d kB. "
                    "It is probably not a text file with one record a line."
                )
                % {"name": self.name, "most": self._most_line // 1024}
            )

    def close(self) -> None:
        """Close the file underneath too."""
        if not self.closed:
            self._plain.close()
            self._file.close()
        super().close()

    def __enter__(self) -> Self:
        return self


def buffered(stream: GuardedStream) -> io.BufferedReader:
    """The stream with a buffer large enough that Python is not in the way."""
    return io.BufferedReader(stream, _BUFFER)


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip archive, as every XLSX is."""
    return head.startswith(_ZIP)


def check_archive(path: Path, *, name: str) -> None:
    """Raise QunyingError where a zip archive is damaged or would unpack to far too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            plain = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise QunyingError(_("“%(name)s” is a damaged archive. Save it again.") % {"name": name}) from error
    packed = max(path.stat().st_size, 1)
    if plain > _MOST_SHEET_BYTES or (plain > _RATIO_FROM_BYTES and plain > _MOST_RATIO * packed):
        raise QunyingError(
            _("“%(name)s” would unpack to %(size)d MB and is refused. Save the sheet as CSV and import that.")
            % {"name": name, "size": plain // 1_000_000}
        )
