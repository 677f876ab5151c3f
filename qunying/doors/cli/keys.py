"""`keys rotate`, `keys status` and `keys forget`: the keys that encrypt private fields."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer
from django.utils.translation import gettext as _

from qunying.doors.cli.output import Json, emit
from qunying.ground.audit.actors import System
from qunying.ground.jobs.services import run_to_end
from qunying.ground.privacy.services_keys import forget_keys, key_status, rotate_keys

if TYPE_CHECKING:
    from qunying.ground.privacy.services_keys import KeyStatus

_CLI = System("cli")


def register(app: typer.Typer) -> None:
    """Add the group `keys`."""
    group = typer.Typer(help="The keys that encrypt private fields.", no_args_is_help=True)
    group.command()(rotate)
    group.command()(status)
    group.command()(forget)
    app.add_typer(group, name="keys")


def rotate(*, as_json: Json = False) -> None:
    """Take a new key into use and bring every private value under it, while everything goes on running."""
    job = run_to_end(rotate_keys(by=_CLI, queue=False))
    now = key_status()
    lines = [_("%(count)s values were encrypted anew.") % {"count": job.result.get("resealed", 0)}, *_lines(now)]
    emit({"job": job.pk, "state": job.state, **job.result, **asdict(now)}, as_json=as_json, lines=lines)


def status(*, as_json: Json = False) -> None:
    """Which keys there are, and how many values still wait for the current one."""
    now = key_status()
    emit(asdict(now), as_json=as_json, lines=_lines(now))


def forget(*, as_json: Json = False) -> None:
    """Destroy old keys that nothing in the database uses any more."""
    gone = forget_keys(by=_CLI)
    words = _("Destroyed: %(keys)s") % {"keys": ", ".join(gone)} if gone else _("There is no old key to destroy.")
    emit({"forgotten": gone}, as_json=as_json, lines=[words])


def _lines(now: KeyStatus) -> list[str]:
    lines = [_("Current key: %(key)s") % {"key": now.current}]
    if now.old:
        lines.append(_("Old keys, for backups made before: %(keys)s") % {"keys": ", ".join(now.old)})
    if now.waiting:
        lines.append(_("%(count)s values still wait. Run “qunying keys rotate”.") % {"count": now.waiting})
    return lines
