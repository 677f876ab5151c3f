"""`backup`, `restore` and `recovery-key`: everything into one encrypted file, and back."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from qunying.doors.cli.home import CLI, require_current, require_home
from qunying.doors.cli.output import Json, emit, err
from qunying.ground.backups.nightly import carry_out
from qunying.ground.backups.place import WORDS
from qunying.ground.backups.recovery import make_recovery_key, recovery_public
from qunying.ground.backups.services import check_backup, make_backup, note_trial, restore_backup
from qunying.ground.events.loop import LEASE
from qunying.ground.events.models import Lease
from qunying.kit.errors import QunyingError
from qunying.kit.vault import Passphrase, locks_of, read_recovery_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.kit.vault import PublicKey, RecoveryKey

PASSPHRASE = "QUNYING_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable
_SHORTEST = 12
_KeyFile = Annotated[Path | None, typer.Option("--key-file", help="A file that holds the recovery key.")]


def register(app: typer.Typer) -> None:
    """Add the three commands."""
    app.command()(backup)
    app.command()(restore)
    app.command("recovery-key")(recovery_key)
    app.command("backup-now", hidden=True)(backup_now)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; must not be there yet.")],
    *,
    passphrase: Annotated[bool, typer.Option(help="Lock it with a passphrase, too, even with a recovery key.")] = False,
    as_json: Json = False,
) -> None:
    """Write everything into one encrypted file while work goes on. It restores on SQLite and on PostgreSQL."""
    require_current()
    locks = _locks(ask=passphrase)
    begun = time.monotonic()
    with _watching(_("Rows written")) as tell:
        made = make_backup(file.absolute(), locks=locks, by=CLI, tell=tell)
    seconds = round(time.monotonic() - begun, 1)
    payload = {
        "path": str(made.path),
        "size": made.size,
        "rows": made.rows,
        "files": made.files,
        "sha256": made.digest,
        "seconds": seconds,
    }
    told = {"path": made.path, "size": f"{made.size / 1e6:.1f}", "rows": made.rows, "files": made.files, "s": seconds}
    line = _("%(path)s: %(size)s MB, %(rows)s rows and %(files)s files, written and read back in %(s)s s.") % told
    emit(payload, as_json=as_json, lines=[line, _("Copy it to another machine. Try it: qunying restore --check FILE")])


def _locks(*, ask: bool) -> list[Passphrase | PublicKey]:
    public = recovery_public()
    locks: list[Passphrase | PublicKey] = [public] if public else []
    words = os.environ.get(PASSPHRASE, "")
    if words or ask or not locks:
        locks.append(Passphrase(_long_enough(words or _ask_twice())))
    return locks


def _ask_twice() -> str:
    if not sys.stdin.isatty():
        raise QunyingError(
            _(
                "A backup is encrypted and needs a lock. Make a recovery key once (qunying recovery-key), "
                "or set QUNYING_BACKUP_PASSPHRASE."
            )
        )
    words: str = typer.prompt(_("Passphrase of the backup"), hide_input=True, confirmation_prompt=True, err=True)
    return words


def _long_enough(words: str) -> str:
    if len(words) < _SHORTEST:
        raise QunyingError(
            _("The passphrase has fewer than %(count)s characters and could be guessed. Use a longer one.")
            % {"count": _SHORTEST}
        )
    return words


def restore(
    file: Annotated[Path, typer.Argument(help="A backup of Qunying.")],
    *,
    key_file: _KeyFile = None,
    check: Annotated[bool, typer.Option("--check", help="Only open it and read it to the end.")] = False,
    force: Annotated[str, typer.Option(help="“replace everything”: give up what is here.")] = "",
    as_json: Json = False,
) -> None:
    """Bring everything back from a backup, into the home (QUNYING_HOME) and database (QUNYING_DATABASE) named."""
    opener = _opener(file, key_file)
    if check:
        manifest, digest = check_backup(file, opener=opener)
        _note_trial(digest)
        payload = {"ok": True, "sha256": digest} | _about(manifest)
        emit(payload, as_json=as_json, lines=[_("It opens and is whole. Made on %(made_at)s.") % payload])
        return
    if force and force != WORDS:
        raise QunyingError(_("To give up what is here, say exactly: --force “%(words)s”.") % {"words": WORDS})
    _require_stopped()
    begun = time.monotonic()
    with _watching(_("Rows brought back")) as tell:
        done = restore_backup(file.absolute(), opener=opener, by=CLI, words=force, tell=tell)
        from qunying.ground.warehouse.services import catch_up

        facts = catch_up()
    told = {"rows": done.rows, "files": done.files, "seconds": round(time.monotonic() - begun, 1), "facts": facts}
    aside = str(done.aside) if done.aside else None
    lines = [_("%(rows)s rows, %(files)s files; %(facts)s facts in the warehouse anew; %(seconds)s s.") % told]
    if aside:
        lines.append(_("What was here before lies in %(path)s. Remove it when all is well.") % {"path": aside})
    lines.append(_("Everybody signs in again. Look once more: qunying doctor, qunying verify, qunying audit verify"))
    emit(told | {"sha256": done.digest, "aside": aside} | _about(done.manifest), as_json=as_json, lines=lines)


def _note_trial(digest: str) -> None:
    """Tell the installation here that a backup was tried, where there is one: a backup may be tried anywhere."""
    try:
        require_home()
    except QunyingError:
        return
    note_trial(digest, by=CLI)


def _about(manifest: dict[str, Any]) -> dict[str, Any]:
    rows = sum(table["rows"] for table in manifest["tables"])
    about = {name: manifest[name] for name in ("made_at", "version", "database")}
    return about | {"rows": rows, "files": manifest["files"]}


def _opener(file: Path, key_file: Path | None) -> Passphrase | RecoveryKey:
    """What opens the file: the recovery key in a file, the passphrase of the environment, or what is typed."""
    if key_file is not None:
        try:
            key = read_recovery_key(key_file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            key = None
        if key is None:
            raise QunyingError(_("“%(path)s” holds no recovery key.") % {"path": key_file})
        return key
    try:
        with file.open("rb") as stream:
            kinds = locks_of(stream, name=file.name)
    except OSError as error:
        raise QunyingError(
            _("“%(path)s” cannot be read: %(error)s.") % {"path": file, "error": error.strerror}
        ) from None
    words = os.environ.get(PASSPHRASE, "")
    if words and "passphrase" in kinds:
        return Passphrase(words)
    return _typed(kinds)


def _typed(kinds: set[str]) -> Passphrase | RecoveryKey:
    asked = _("Recovery key") if kinds == {"key"} else _("Passphrase or recovery key")
    if not sys.stdin.isatty():
        raise QunyingError(_("The backup is locked. Give --key-file FILE, or set QUNYING_BACKUP_PASSPHRASE."))
    typed: str = typer.prompt(asked, hide_input=True, err=True)
    return read_recovery_key(typed) or Passphrase(typed)


def _require_stopped() -> None:
    """Raise QunyingError where processes are at work on this database."""
    from django.db import DatabaseError, connection  # noqa: PLC0415 - only here
    from django.utils import timezone  # noqa: PLC0415 - only here

    try:
        if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
            return
        working = Lease.objects.filter(name=LEASE, until__gte=timezone.now()).exists()
    except DatabaseError:  # no tables yet, or none any more
        return
    if working:
        raise QunyingError(_("Qunying is running on this database. Stop it (or wait 15 seconds after), then restore."))


def backup_now(number: Annotated[int, typer.Argument(help="Number of the backup that was asked for.")]) -> None:
    """Make a backup that the follower loop began; not for people."""
    require_current()
    carry_out(number)


def recovery_key(
    *,
    anew: Annotated[bool, typer.Option("--anew", help="Make another although there is one.")] = False,
    as_json: Json = False,
) -> None:
    """Make the recovery key: it opens every backup made from now on. It is shown once and kept nowhere here."""
    key = make_recovery_key(anew=anew)
    lines = [
        key,
        _("Write it down or print it, and keep it away from this machine: without it no nightly backup opens."),
    ]
    emit({"key": key}, as_json=as_json, lines=lines)


class _watching:  # noqa: N801 - read as a phrase: with _watching(…)
    """A bar on a terminal that counts rows; nothing where there is none."""

    def __init__(self, title: str) -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn(title),
            TextColumn("{task.completed:,.0f}"),
            TimeElapsedColumn(),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )

    def __enter__(self) -> Callable[[int], None]:
        self._bar.start()
        task = self._bar.add_task("", total=None)
        return lambda rows: self._bar.update(task, completed=rows)

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()
