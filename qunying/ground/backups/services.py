"""Verbs: make a backup, look whether one opens, bring one back."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import go_on_with_chain, write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.backups import place
from qunying.ground.backups.archive import FORMAT, KEYS, parts, read_through
from qunying.ground.backups.loading import build_tables, is_file, load_rows, require_known_changes
from qunying.ground.backups.making import Tallying, write_backup
from qunying.ground.backups.port import restore_steps
from qunying.kit.errors import QunyingError
from qunying.kit.keys import KEYRING_NAME, load_keyring
from qunying.kit.vault import VaultReader, damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qunying.ground.audit.actors import Actor
    from qunying.ground.backups.archive import Part
    from qunying.ground.backups.making import Made
    from qunying.kit.vault import Passphrase, PublicKey, RecoveryKey

MAKE = declare_verb("backups.make", gettext_lazy("A backup was made."))
CHECK = declare_verb("backups.check", gettext_lazy("A backup was opened and read through."))
RESTORE = declare_verb("backups.restore", gettext_lazy("Everything was brought back from a backup."))
_BUFFER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: the manifest, the rows, the files, and where what was there before lies now."""

    manifest: dict[str, Any]
    digest: str
    rows: int
    files: int
    aside: Path | None


def make_backup(
    target: Path, *, locks: Sequence[Passphrase | PublicKey], by: Actor, tell: Callable[[int], object] | None = None
) -> Made:
    """Write everything there is into one encrypted file while work goes on, and read it back.

    Whatever was acknowledged before the call is in it. Raises QunyingError where the file is there already, its
    directory is missing, or the disk gives back something else than was written.
    """
    if target.exists():
        raise QunyingError(_("“%(path)s” is there already. Choose another name.") % {"path": target})
    if not target.parent.is_dir():
        raise QunyingError(_("There is no directory “%(path)s”. Make it first.") % {"path": target.parent})
    made = write_backup(target, locks, tell=tell or _say_nothing)
    with transaction.atomic():
        write_act(MAKE, by=by, subject_type="backup", details=_told(made.digest, made.rows, made.files))
    return made


def check_backup(source: Path, *, opener: Passphrase | RecoveryKey) -> tuple[dict[str, Any], str]:
    """The manifest and the SHA-256 of a backup, read to its end; raises QunyingError where it is not whole."""
    with _open(source, opener) as (stream, tally):
        manifest = read_through(stream, name=source.name)
        digest = tally.state.hexdigest()
    if manifest.get("format") != FORMAT:
        raise QunyingError(_("“%(name)s” is a backup of a form this Qunying does not read.") % {"name": source.name})
    return manifest, digest


@transaction.atomic
def note_trial(digest: str, *, by: Actor) -> None:
    """Write down that a backup was opened and is whole: the patrol asks when that was done last."""
    write_act(CHECK, by=by, subject_type="backup", details={"sha256": digest})


def restore_backup(
    source: Path,
    *,
    opener: Passphrase | RecoveryKey,
    by: Actor,
    words: str = "",
    tell: Callable[[int], object] | None = None,
) -> Restored:
    """Bring everything back into this home and database, whichever kind the backup was made on.

    The file is read to its end before anything is written; a changed or cut one is refused. The place must be
    empty, or given up in words (`place.WORDS`). Until all is done a sign lies in the home directory, and every
    command says that the restore must be run again.
    """
    manifest, digest = check_backup(source, opener=opener)
    require_known_changes(manifest)
    place.require_empty(words=words)
    place.begin(source)
    aside = place.clear()
    files = _bring_files(source, opener)
    _use_keys()
    build_tables(manifest)
    with _open(source, opener) as (stream, tally):
        rows = load_rows(parts(stream, name=source.name), manifest, tell=tell or _say_nothing)
        if tally.state.hexdigest() != digest:
            raise damaged(source.name)
    call_command("migrate", verbosity=0, interactive=False)
    _mend(by=by, told=_told(digest, rows, files) | {"made_at": manifest["made_at"]})
    place.finish()
    return Restored(manifest, digest, rows, files, aside)


def _told(digest: str, rows: int, files: int) -> dict[str, Any]:
    return {"sha256": digest, "rows": rows, "files": files}


@transaction.atomic
def _mend(*, by: Actor, told: dict[str, Any]) -> None:
    """What every app has to put right in rows from elsewhere, and the act that says so."""
    for step in restore_steps():
        step.work()
    go_on_with_chain()
    write_act(RESTORE, by=by, subject_type="backup", details=told)


def _bring_files(source: Path, opener: Passphrase | RecoveryKey) -> int:
    """The keys and the files of the home directory; how many files."""
    home, count = Path(settings.HOME), 0
    with _open(source, opener) as (stream, _tally):
        for part in parts(stream, name=source.name):
            if part.name == KEYS:
                _write(home / KEYRING_NAME, part)
            elif is_file(part):
                _write(_below(home, part), part)
                count += 1
    return count


def _below(home: Path, part: Part) -> Path:
    first, _slash, rest = part.place.partition("/")
    return Path(settings.UPLOADS) / rest if first == "files" and rest else home / part.place


def _write(target: Path, part: Part) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        while block := part.stream.read(_BUFFER):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())


def _use_keys() -> None:
    """From here on the process speaks with the keys of the backup."""
    settings.KEYRING = load_keyring(settings.HOME)
    settings.SECRET_KEY = settings.KEYRING.secret


class _Opened:
    """A backup held open: its plain bytes, and the tally of the raw ones."""

    def __init__(self, source: Path, opener: Passphrase | RecoveryKey) -> None:
        try:
            self._file = source.open("rb")
        except OSError as error:
            raise QunyingError(
                _("“%(path)s” cannot be read: %(error)s.") % {"path": source, "error": error.strerror}
            ) from None
        try:
            self._tally = Tallying(self._file)
            self._stream: IO[bytes] = io.BufferedReader(VaultReader(self._tally, opener, name=source.name), _BUFFER)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> tuple[IO[bytes], Tallying]:
        return self._stream, self._tally

    def __exit__(self, *_error: object) -> None:
        self._file.close()


def _open(source: Path, opener: Passphrase | RecoveryKey) -> _Opened:
    return _Opened(source, opener)


def _say_nothing(_rows: int) -> None:
    """Nobody watches."""
