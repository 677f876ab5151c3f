"""Zip archives as folders of plain files: weighed before they are opened, and never opened twice over."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError
from qunying.kit.limits import MOST_ARCHIVE_BYTES, MOST_ARCHIVE_FILES, MOST_RATIO, RATIO_FROM_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b"
BROKEN = (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError)
"""What unpacking raises: damage, a password, a way of packing that nobody here knows."""
_SAYS_UTF8 = 0x800
_PACKED = {".zip", ".gz", ".tgz", ".7z", ".rar", ".tar", ".bz2", ".xz"}
_BLOCK = 256 * 1024
_BOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
_DATA = {".txt", ".csv", ".tsv", ".json", ".jsonl", ".xml"}


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip archive, as every XLSX is."""
    return head.startswith(ZIP)


def check_archive(path: Path, *, name: str) -> None:
    """Raise QunyingError where a zip archive is damaged or would unpack to far too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (*BROKEN, ValueError) as error:
        raise QunyingError(_("“%(name)s” is a damaged archive. Save it again.") % {"name": name}) from error
    plain, packed = sum(entry.file_size for entry in entries), max(path.stat().st_size, 1)
    if plain > MOST_ARCHIVE_BYTES or (plain > RATIO_FROM_BYTES and plain > MOST_RATIO * packed):
        raise QunyingError(
            _("“%(name)s” would unpack to %(size)d MB and is refused. Save the sheet as CSV and import that.")
            % {"name": name, "size": plain // 1_000_000}
        )
    if len(entries) > MOST_ARCHIVE_FILES:
        raise QunyingError(
            _("“%(name)s” holds %(count)d files and is refused. Import it in parts.")
            % {"name": name, "count": len(entries)}
        )


def data_files(path: Path) -> list[str] | None:
    """The names of the text files in a zip archive, sorted; None where it is a workbook or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (*BROKEN, ValueError):
        return None
    names = [entry.filename for entry in entries]
    if _BOOKS & set(names):
        return None
    return sorted(name for name in names if _is_data(PurePosixPath(name)))


def _is_data(name: PurePosixPath) -> bool:
    """A text file people wrote, not what a Mac leaves beside each."""
    return name.suffix.lower() in _DATA and name.parts[0] != "__MACOSX" and not name.name.startswith(".")


def refuse_nested(head: bytes, *, name: str) -> None:
    """Raise QunyingError where what was packed is packed again."""
    if head.startswith((ZIP, GZIP)):
        raise _packed_twice(name)


def _packed_twice(name: str) -> QunyingError:
    return QunyingError(
        _("“%(name)s” holds an archive within an archive. Unpack it once and import what is inside.") % {"name": name}
    )


def _readable(entry: zipfile.ZipInfo) -> str:
    """The name as whoever packed it wrote it: Windows writes Chinese names in GBK and does not say so."""
    if entry.flag_bits & _SAYS_UTF8:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


class Folder:
    """The text files of a zip archive; raises QunyingError where it is damaged, packed twice or too much."""

    def __init__(self, path: Path, *, name: str) -> None:
        check_archive(path, name=name)
        self.path, self.name = path, name
        self.names = data_files(path) or []

    def size(self, name: str) -> int:
        """Bytes of one file, as the archive declares them."""
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(name).file_size

    def readable(self, name: str) -> str:
        """The name of a file as people read it."""
        with zipfile.ZipFile(self.path) as archive:
            return _readable(archive.getinfo(name))

    def refuse_packed(self) -> None:
        """Raise QunyingError where one of the other files in it is an archive."""
        with zipfile.ZipFile(self.path) as archive:
            if any(PurePosixPath(name).suffix.lower() in _PACKED for name in archive.namelist()):
                raise _packed_twice(self.name)

    def text(self, name: str) -> IO[str]:
        """One file as UTF-8 text, unpacked on the way; bytes that are none come as lone surrogates.

        Reading it raises what `BROKEN` names where the archive is damaged there.
        """
        return io.TextIOWrapper(self.open(name), "utf-8-sig", "surrogateescape")

    def open(self, name: str) -> IO[bytes]:
        """The bytes of one file, unpacked on the way; raises as `text` does."""
        with zipfile.ZipFile(self.path) as archive:
            try:
                file = archive.open(name)
                head = cast("zipfile.ZipExtFile", file).peek(4)[:4]
            except BROKEN as error:
                raise damaged(self.name) from error
        if head.startswith((ZIP, GZIP)):
            file.close()
            raise _packed_twice(self.name)
        return file

    def check(self) -> None:
        """Unpack every text file once, to see that it can be."""
        for name in self.names:
            with self.text(name) as text:
                try:
                    while text.read(_BLOCK):
                        pass
                except BROKEN as error:
                    raise damaged(self.name) from error


def damaged(name: str) -> QunyingError:
    """What is said of a packed file that cannot be unpacked: broken, or locked with a password."""
    return QunyingError(
        _("“%(name)s” is damaged: it stops unpacking part of the way. Fetch it again.") % {"name": name}
    )


@contextmanager
def packed_folder(folder: Path) -> Iterator[IO[bytes]]:
    """The text files below a folder as one zip archive, the same bytes for the same files; links are not followed.

    Raises QunyingError where it holds none, too many, or too much.
    """
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _is_data(PurePosixPath(path))
    )
    if not files or len(files) > MOST_ARCHIVE_FILES or sum(path.stat().st_size for path in files) > MOST_ARCHIVE_BYTES:
        raise QunyingError(
            _("The folder “%(name)s” holds %(count)d text files: nothing, or too much, to read. Name the files.")
            % {"name": folder.name, "count": len(files)}
        )
    with tempfile.TemporaryFile() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                entry.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as plain, archive.open(entry, "w") as packed:
                    shutil.copyfileobj(plain, packed)
        out.seek(0)
        yield out


def open_packed(file: IO[bytes], path: Path, *, name: str) -> IO[bytes] | None:
    """The one text file of a zip archive, unpacked on the way; None where there is not exactly one."""
    names = data_files(path)
    if names is None or len(names) != 1:
        return None
    check_archive(path, name=name)
    try:
        return zipfile.ZipFile(file).open(names[0])
    except BROKEN as error:
        raise damaged(name) from error
