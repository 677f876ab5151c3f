"""Verbs on stored files: kept once by digest, checked by content and size."""

from __future__ import annotations

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.files.models import StoredFile
from qunying.kit.errors import QunyingError
from qunying.kit.streams import check_archive, is_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

STORE = declare_verb("files.store", gettext_lazy("A file was brought in."))
REMOVE = declare_verb("files.remove", gettext_lazy("The contents of old files were removed."))
MOST_BYTES = 4 * 1024**3
PICTURES = frozenset({"PNG", "JPEG"})
_BLOCK = 1024 * 1024
_HEAD = 8192
_NAME = 255
_FOREIGN = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"SQLite format 3": "SQLite",
    b"\xd0\xcf\x11\xe0": "XLS (Excel 97–2003)",
}


def store_file(  # noqa: PLR0913 - what a stored file is
    stream: IO[bytes],
    *,
    name: str,
    purpose: str,
    by: Actor,
    unit: Unit | None = None,
    most: int = MOST_BYTES,
    pictures: bool = False,
    foreign: frozenset[str] = frozenset(),
) -> StoredFile:
    """Keep a file under its SHA-256 in the home directory, readable by the owner of the process alone.

    Raises QunyingError, and keeps nothing, where it is empty, too large, or of a kind nothing here reads. With
    `pictures` PNG and JPEG are kept, too: the caller has drawn them anew. `foreign` names more kinds that are kept
    though nothing here reads them, such as PDF: the caller hands them on as they are.
    """
    settings.UPLOADS.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=settings.UPLOADS, prefix="coming-")
    path = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as out:
            digest, size = _copy(stream, out, name=name, most=most)
        _check_content(path, name=name, allowed=(PICTURES if pictures else frozenset()) | foreign)
        return _keep(path, name=name, digest=digest, size=size, purpose=purpose, by=by, unit=unit)
    finally:
        path.unlink(missing_ok=True)


@transaction.atomic
def remove_contents(files: Iterable[StoredFile], *, by: Actor) -> int:
    """Remove what lies in these files, keeping their names; how many had something left to remove.

    Content that another file shares stays until that one's is removed, too.
    """
    ids = [stored.pk for stored in files]
    live = list(StoredFile.objects.select_for_update().filter(pk__in=ids, removed_at=None).order_by("pk"))
    if not live:
        return 0
    StoredFile.objects.filter(pk__in=[stored.pk for stored in live]).update(removed_at=timezone.now())
    write_act(REMOVE, by=by, subject_type="file", details={"files": [stored.pk for stored in live]})
    digests = sorted({stored.digest for stored in live})
    transaction.on_commit(lambda: _unlink_unused(digests))
    return len(live)


def _unlink_unused(digests: Iterable[str]) -> None:
    for digest in digests:
        with transaction.atomic():
            if all(stored.removed_at for stored in _locked(digest)):
                _place(digest).unlink(missing_ok=True)


def _locked(digest: str) -> list[StoredFile]:
    """The files of this content, held until the transaction ends: nobody removes what another is taking up."""
    return list(StoredFile.objects.select_for_update().filter(digest=digest).order_by("pk"))


def path_of(stored: StoredFile) -> Path:
    """Where the file lies; raises QunyingError where its content was removed for its age."""
    if stored.removed_at is not None:
        raise QunyingError(
            _("What “%(name)s” held was removed on %(day)s for its age. Bring the file again.")
            % {"name": stored.name, "day": stored.removed_at.date().isoformat()}
        )
    return _place(stored.digest)


def _place(digest: str) -> Path:
    return Path(settings.UPLOADS) / digest[:2] / digest


def _copy(stream: IO[bytes], out: IO[bytes], *, name: str, most: int) -> tuple[str, int]:
    state, size = sha256(), 0
    for block in _blocks(stream):
        size += len(block)
        if size > most:
            raise QunyingError(
                _("“%(name)s” is larger than %(most)d MB. Split it, or import it with the command line.")
                % {"name": name, "most": most // 1_000_000}
            )
        state.update(block)
        out.write(block)
    if not size:
        raise QunyingError(_("“%(name)s” is empty. Export it again.") % {"name": name})
    out.flush()
    os.fsync(out.fileno())
    return state.hexdigest(), size


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _check_content(path: Path, *, name: str, allowed: frozenset[str]) -> None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    foreign = next((kind for mark, kind in _FOREIGN.items() if head.startswith(mark)), None)
    if foreign is not None and foreign not in allowed:
        raise QunyingError(
            _("“%(name)s” is a %(kind)s file. Bring CSV, XLSX, JSONL or a chat export.")
            % {"name": name, "kind": foreign}
        )
    if is_zip(head):
        check_archive(path, name=name)


@transaction.atomic
def _keep(  # noqa: PLR0913 - what a stored file is
    path: Path, *, name: str, digest: str, size: int, purpose: str, by: Actor, unit: Unit | None
) -> StoredFile:
    target = _place(digest)
    _locked(digest)
    if not target.exists():
        target.parent.mkdir(exist_ok=True, mode=0o700)
        shutil.move(path, target)
    stored = StoredFile.objects.create(
        name=name[-_NAME:],
        digest=digest,
        size=size,
        purpose=purpose,
        unit=unit,
        owner=by if isinstance(by, Staff) else None,
    )
    write_act(STORE, by=by, subject_type="file", subject_id=stored.pk, details={"sha256": digest, "size": size})
    return stored
