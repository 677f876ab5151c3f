"""Opening files of any size for reading: gzip seen through, bombs and endless lines refused."""

from __future__ import annotations

import gzip
import io
from typing import IO, TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from qunying.kit.archives import BROKEN, GZIP, ZIP, check_archive, damaged, is_zip, open_packed, refuse_nested
from qunying.kit.errors import QunyingError
from qunying.kit.limits import MOST_LINE_BYTES, MOST_RATIO, RATIO_FROM_BYTES

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from _typeshed import WriteableBuffer

__all__ = ["MOST_LINE_BYTES", "GuardedStream", "buffered", "check_archive", "is_zip"]
_BUFFER = 256 * 1024


class GuardedStream(io.RawIOBase):
    """A file's plain bytes, decompressed on the way; `fraction` is how much of the file was read.

    Raises QunyingError where a line never ends, where it unpacks to far too much, or where it is damaged.
    """

    def __init__(self, path: Path, *, name: str = "", most_line: int | None = MOST_LINE_BYTES) -> None:
        super().__init__()
        self.name = name or path.name
        self._size = path.stat().st_size
        self._file = path.open("rb")
        try:
            self._plain = self._unpacked(path)
        except QunyingError:
            self._file.close()
            raise
        self._most_line = most_line
        self._line = 0
        self._out = 0

    def _unpacked(self, path: Path) -> IO[bytes]:
        """What is packed in the file: by gzip, or as the only text file of a zip archive; else the file itself."""
        head = self._file.peek(4)[:4]
        self._fresh = head.startswith((GZIP, ZIP))
        if head.startswith(GZIP):
            return cast("IO[bytes]", gzip.GzipFile(fileobj=self._file))
        plain = open_packed(self._file, path, name=self.name) if head.startswith(ZIP) else None
        self._fresh = plain is not None
        return self._file if plain is None else plain

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
        except BROKEN as error:
            raise damaged(self.name) from error
        self._guard(data)
        view[: len(data)] = data
        return len(data)

    def _guard(self, data: bytes) -> None:
        if self._fresh:
            refuse_nested(data, name=self.name)
            self._fresh = False
        self._out += len(data)
        if self._out > RATIO_FROM_BYTES and self._out > MOST_RATIO * max(self._file.tell(), 1):
            raise QunyingError(
                _(
                    "“%(name)s” unpacks to more than %(ratio)d times its size and is refused. "
                    "Unpack it yourself and look at it first."
                )
                % {"name": self.name, "ratio": MOST_RATIO}
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
