"""`report weekly`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from qunying.check.reports.services import FORMATS, export_weekly
from qunying.check.reports.weeks import read_week, week_name
from qunying.doors.cli.output import emit
from qunying.ground.audit.actors import System
from qunying.ground.groups.queries import get_community
from qunying.ground.warehouse.services import catch_up
from qunying.kit.errors import QunyingError

_CLI = System("cli")


def register(app: typer.Typer) -> None:
    """Add the group `report`."""
    group = typer.Typer(help="Reports.", no_args_is_help=True)
    group.callback()(_reports)
    group.command("weekly")(weekly)
    app.add_typer(group, name="report")


def _reports() -> None:
    """Reports."""


def weekly(  # noqa: PLR0913 - one argument for each option
    *,
    community: Annotated[str, typer.Option(help="Short name of the community.")],
    period: Annotated[str, typer.Option(help="The week, such as 2020-W40.")],
    out: Annotated[str, typer.Option(help="The file to write; its ending, .html or .pdf, says what it will be.")],
    language: Annotated[str, typer.Option(help="zh-hans or en; without it, the language of the terminal.")] = "",
    names: Annotated[bool, typer.Option(help="Name those who came and left.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Make the weekly report of a community as a web page or a PDF."""
    week, place, path = read_week(period), get_community(community), _checked(out)
    form, language = path.suffix[1:].lower(), _known(language)
    _fill_the_lake()
    with translation.override(language):
        raw = export_weekly(place, week=week, form=form, by=_CLI, names=names)
    _write(path, raw)
    emit(
        {
            "community": place.slug,
            "period": week_name(week),
            "from": week.start,
            "to": week.end,
            "format": form,
            "out": str(path),
            "bytes": len(raw),
        },
        as_json=as_json,
        lines=[_("The report of %(week)s is in %(path)s.") % {"week": week_name(week), "path": path}],
    )


def _checked(out: str) -> Path:
    """The path, before any counting begins: an ending that is known, a folder that is there."""
    path = Path(out).expanduser()
    if path.suffix[1:].lower() not in FORMATS:
        raise QunyingError(
            _("A PDF or a web page is made: write a path that ends in .pdf or .html, not “%(path)s”.") % {"path": out}
        )
    if not path.parent.is_dir():
        raise QunyingError(
            _("The folder %(folder)s does not exist. Make it first, or choose another.") % {"folder": path.parent}
        )
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise _unwritable(path, _("writing is not allowed there"))
    return path


def _known(language: str) -> str:
    chosen = language or translation.get_language() or settings.LANGUAGE_CODE
    if chosen not in dict(settings.LANGUAGES):
        raise QunyingError(_("A report is made in zh-hans or en, not in “%(language)s”.") % {"language": language})
    return chosen


def _fill_the_lake() -> None:
    """Move what is waiting, so that each of the many figures does not read it from the log again."""
    try:
        catch_up()
    except QunyingError:
        return  # another process is at it; figures read from the log what the lake lacks


def _write(path: Path, raw: bytes) -> None:
    """All or nothing: a reader never finds half a report, and an older one stays until the new one is whole."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_bytes(raw)
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise _unwritable(path, error.strerror or str(error)) from error


def _unwritable(path: Path, reason: str) -> QunyingError:
    return QunyingError(
        _("The report could not be written to %(path)s: %(reason)s.") % {"path": path, "reason": reason}
    )
