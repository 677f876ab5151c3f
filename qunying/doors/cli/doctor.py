"""`doctor`: looks whether an installation is well, and says what to do where it is not."""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from qunying.doors.cli.home import changes_missing
from qunying.doors.cli.output import emit
from qunying.ground.backups.place import unfinished
from qunying.ground.events.followers import followers, parked_events
from qunying.ground.privacy.services_keys import key_status
from qunying.kit.keys import KEYRING_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

_FREE_GB = 1
_LATE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and the remedy where it is not."""

    name: str
    ok: bool
    seen: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    """Add `doctor`."""
    app.command()(doctor)


def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False) -> None:
    """Look whether this installation is well; each fault comes with its remedy."""
    findings = examine()
    ok = all(finding.ok for finding in findings)
    lines = [_line(finding) for finding in findings]
    emit({"ok": ok, "findings": [asdict(finding) for finding in findings]}, as_json=as_json, lines=lines)
    raise typer.Exit(0 if ok else 1)


def examine() -> list[Finding]:
    """Every finding; later checks are left out where an earlier one makes them pointless."""
    found: list[Finding] = []
    for check in _CHECKS:
        found.append(check())
        if not found[-1].ok and check in _NEEDED:
            break
    return found


def _line(finding: Finding) -> str:
    mark = "✓" if finding.ok else "✗"
    return f"{mark} {finding.name}: {finding.seen}" + (f" → {finding.remedy}" if finding.remedy else "")


def _home() -> Finding:
    if told := unfinished():
        return Finding(_("Home directory"), ok=False, seen=str(settings.HOME), remedy=told)
    there = settings.HOME.is_dir() and os.access(settings.HOME, os.W_OK)
    remedy = "" if there else _("Run “qunying init”, or set QUNYING_HOME to a directory you may write to.")
    return Finding(_("Home directory"), there, str(settings.HOME), remedy)


def _keys() -> Finding:
    path = settings.HOME / KEYRING_NAME
    if not path.exists():
        remedy = _("Run “qunying init”, or put the saved keys.json back.")
        return Finding(_("Keys"), ok=False, seen=_("missing"), remedy=remedy)
    private = path.stat().st_mode & 0o077 == 0
    remedy = "" if private else _("Others can read it. Run: chmod 600 %(path)s") % {"path": path}
    return Finding(_("Keys"), private, str(path), remedy)


def _database() -> Finding:
    try:
        behind = changes_missing()
    except DatabaseError as error:
        remedy = _("Check QUNYING_DATABASE and that the server is running.")
        return Finding(_("Database"), ok=False, seen=str(error).strip(), remedy=remedy)
    seen = connection.vendor if not behind else _("%(count)s changes of the database are missing") % {"count": behind}
    return Finding(_("Database"), not behind, seen, _("Run “qunying init”.") if behind else "")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME).free / 1e9
    well = free > _FREE_GB
    return Finding(_("Disk"), well, f"{free:.1f} GB", "" if well else _("Make room: less than 1 GB is left."))


def _lag() -> Finding:
    late = [one.name for one in followers() if (lag := one.lag()).oldest and lag.oldest.total_seconds() > _LATE_SECONDS]
    remedy = _("Start the followers: “qunying serve”, or “qunying worker”.") if late else ""
    return Finding(
        _("Followers"),
        not late,
        _("behind: %(names)s") % {"names": ", ".join(late)} if late else _("up to date"),
        remedy,
    )


def _encryption() -> Finding:
    now = key_status()
    seen = _("key %(key)s; %(old)s old ones kept for backups; %(waiting)s values wait") % {
        "key": now.current,
        "old": len(now.old),
        "waiting": now.waiting,
    }
    remedy = _("A rotation was broken off. Run “qunying keys rotate” to finish it.")
    return Finding(_("Encryption"), not now.waiting, seen, remedy if now.waiting and now.running is None else "")


def _parked() -> Finding:
    count = len(list(parked_events()))
    remedy = (
        _("Look at them with “qunying events parked”, mend the cause, then retry them in the console.") if count else ""
    )
    return Finding(_("Parked facts"), not count, str(count), remedy)


def _assets() -> Finding:
    fonts = list((settings.PACKAGE / "static").rglob("*.js"))
    remedy = (
        "" if fonts else _("The pages' files were not built. Run “make setup” in the checkout, or install the wheel.")
    )
    return Finding(_("Page files"), bool(fonts), str(len(fonts)), remedy)


_NEEDED = {_home, _keys, _database}
_CHECKS: tuple[Callable[[], Finding], ...] = (_home, _keys, _database, _encryption, _disk, _lag, _parked, _assets)
