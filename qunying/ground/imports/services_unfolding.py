"""Verbs on archives of several chats: unfolding one into its files, each of which is imported as if brought alone."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.ground.files.services import path_of, remove_contents, store_file
from qunying.ground.imports.detect import SURE, recognise
from qunying.ground.imports.importers import importer_named
from qunying.ground.imports.sources import Source
from qunying.kit.archives import BROKEN, damaged
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qunying.ground.audit.actors import Actor
    from qunying.ground.files.models import StoredFile
    from qunying.kit.archives import Folder

MOST_FILES = 500
"""Chats in one archive: each becomes a file of its own."""
_ARCHIVE_NAME, _INNER_NAME = 80, 170
_NEAR = 0.4
"""How much less than its likeliest format a file may look like the one it shares with the others."""
_DAY = re.compile(r"[\s_\-(（]*\d{4}[-_年.]?\d{1,2}[-_月.]?\d{1,2}日?[\s_\-)）]*")
_NAMELESS = {"_chat", "chat", "messages", "聊天记录", "消息记录"}


def unfold(files: Sequence[StoredFile], *, by: Actor, format: str = "") -> list[StoredFile]:  # noqa: A002 - people's word
    """These files, with each archive of several chats replaced by the files in it, in the order of their names.

    What is one export as a whole (a workbook, a Slack folder, a single file packed) stays as it is. Raises
    QunyingError, and keeps nothing of the archive, where it holds an archive in turn, is damaged or too much, or,
    where no `format` is given, where its files are not all of one format.
    """
    return [one for stored in files for one in _unfolded(stored, by=by, format=format)]


def _unfolded(stored: StoredFile, *, by: Actor, format: str) -> list[StoredFile]:  # noqa: A002 - as above
    source = Source(path_of(stored), name=stored.name)
    if source.shape != "zip" or len(source.folder.names) <= 1 or recognise(source):
        return [stored]
    made: list[StoredFile] = []
    try:
        for one in _take_out(source.folder, stored, by=by):
            made.append(one)  # noqa: PERF402 - what was made before a refusal is taken back
        if not format:
            _check_alike(made)
    except QunyingError:
        remove_contents([*made, stored], by=by)
        raise
    remove_contents([stored], by=by)
    return made


def _take_out(folder: Folder, stored: StoredFile, *, by: Actor) -> Iterator[StoredFile]:
    folder.refuse_packed()
    names = [name for name in folder.names if folder.size(name)]
    if len(names) > MOST_FILES:
        raise QunyingError(
            _("“%(name)s” holds %(count)d files and is refused. Import it in parts.")
            % {"name": stored.name, "count": len(names)}
        )
    for name in names:
        with folder.open(name) as packed:
            yield store_file(
                cast("IO[bytes]", _Whole(packed, stored.name)),  # only read from
                name=f"{stored.name[-_ARCHIVE_NAME:]}/{folder.readable(name)[-_INNER_NAME:]}",
                purpose=stored.purpose,
                by=by,
                unit=stored.unit,
            )


class _Whole:
    """A packed file that says in a sentence where it is damaged."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.file, self.name = file, name

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        try:
            return self.file.read(size)
        except BROKEN as error:
            raise damaged(self.name) from error


def _check_alike(files: Sequence[StoredFile]) -> None:
    """Raise QunyingError, naming the odd file, where not all can be of one format."""
    likely = [_likely(stored) for stored in files]
    if not likely or set.intersection(*likely):
        return
    counts = {name: sum(name in some for some in likely) for some in likely for name in some}
    usual = max(counts, key=lambda name: counts[name], default="")
    odd, looks = next((file, some) for file, some in zip(files, likely, strict=True) if usual not in some)
    if not usual:
        raise QunyingError(_("“%(file)s” is of none of the known formats.") % {"file": odd.name})
    told = {"file": odd.name, "count": counts[usual], "usual": importer_named(usual).label}
    reason = ngettext(
        "All files of an archive must be of one format. %(count)d file looks like %(usual)s, but “%(file)s” does not.",
        "All files of an archive must be of one format. %(count)d files look like %(usual)s, but “%(file)s” does not.",
        counts[usual],
    )
    surest = importer_named(min(looks)).label if looks else None
    more = _("It looks like %(format)s: import it by itself.") if surest else _("Take it out of the archive.")
    raise QunyingError(f"{reason % told} {more % {'format': surest}}")


def _likely(stored: StoredFile) -> set[str]:
    guesses = recognise(Source(path_of(stored), name=stored.name))
    best = guesses[0].confidence if guesses else 0.0
    return {guess.format for guess in guesses if guess.confidence >= max(best - _NEAR, min(SURE / 2, best))}


def group_of_file(name: str) -> str:
    """The group that a file out of an archive stands for by its name; '' for a file that was brought alone.

    “chats.zip/花友会 2024-05-01.txt” is 花友会; where the name says nothing (`_chat.txt`, or only a day), the
    folder it lies in names the group, and at last the archive.
    """
    *above, last = name.split("/") if "/" in name else [""]
    for part in (last, *reversed(above)):
        plain = PurePosixPath(part)
        stem = plain.stem if plain.suffix.lower() in {".txt", ".csv", ".json", ".jsonl", ".tsv", ".zip"} else part
        bare = _DAY.sub(" ", stem).strip()
        if bare and bare.casefold() not in _NAMELESS:
            return bare
    return ""
