"""`report weekly`, `monthly` and `quarterly`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from qunying.check.reports.services import FORMATS, export_report
from qunying.check.reports.spans import Grain, read_span
from qunying.doors.cli.output import Json, emit
from qunying.ground.audit.actors import System
from qunying.ground.groups.queries import get_community
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.check.reports.spans import Span

_CLI = System("cli")


_Community = Annotated[str, typer.Option(help="Short name of the community.")]
_Out = Annotated[
    str, typer.Option(help="The file to write; its ending, .html, .pdf, .docx or .xlsx, says what it will be.")
]
_Language = Annotated[str, typer.Option(help="zh-hans or en; without it, the language of the terminal.")]
_Names = Annotated[bool, typer.Option(help="Name those who came and left.")]


def register(app: typer.Typer) -> None:
    """Add the group `report`."""
    group = typer.Typer(help="Reports.", no_args_is_help=True)
    group.callback()(_reports)
    for command in (weekly, monthly, quarterly):
        group.command(command.__name__)(command)
    app.add_typer(group, name="report")


def _reports() -> None:
    """Reports."""


def weekly(  # noqa: PLR0913 - one argument for each option
    *,
    community: _Community,
    period: Annotated[str, typer.Option(help="The week, such as 2020-W40.")],
    out: _Out,
    language: _Language = "",
    names: _Names = True,
    as_json: Json = False,
) -> None:
    """Make the weekly report of a community as a web page, PDF, Word or Excel file."""
    _make(read_span(period, grain=Grain.WEEK), community, out, language, names=names, as_json=as_json)


def monthly(  # noqa: PLR0913 - one argument for each option
    *,
    community: _Community,
    period: Annotated[str, typer.Option(help="The month, such as 2020-10.")],
    out: _Out,
    language: _Language = "",
    names: _Names = True,
    as_json: Json = False,
) -> None:
    """Make the monthly report of a community as a web page, PDF, Word or Excel file."""
    _make(read_span(period, grain=Grain.MONTH), community, out, language, names=names, as_json=as_json)


def quarterly(  # noqa: PLR0913 - one argument for each option
    *,
    community: _Community,
    period: Annotated[str, typer.Option(help="The quarter, such as 2020-Q4.")],
    out: _Out,
    language: _Language = "",
    names: _Names = True,
    as_json: Json = False,
) -> None:
    """Make the quarterly report of a community as a web page, PDF, Word or Excel file."""
    _make(read_span(period, grain=Grain.QUARTER), community, out, language, names=names, as_json=as_json)


def _make(  # noqa: PLR0913 - what the command was told
    span: Span, community: str, out: str, language: str, *, names: bool, as_json: bool
) -> None:
    place, path = get_community(community), _checked(out)
    form, language = path.suffix[1:].lower(), _known(language)
    _fill_the_lake()
    with translation.override(language):
        raw = export_report(place, span=span, form=form, by=_CLI, names=names)
    _write(path, raw)
    emit(
        {
            "community": place.slug,
            "period": span.name,
            "from": span.days.start,
            "to": span.days.end,
            "format": form,
            "out": str(path),
            "bytes": len(raw),
        },
        as_json=as_json,
        lines=[_("The report of %(period)s is in %(path)s.") % {"period": span.name, "path": path}],
    )


def _checked(out: str) -> Path:
    """The path, before any counting begins: an ending that is known, a folder that is there."""
    path = Path(out).expanduser()
    if path.suffix[1:].lower() not in FORMATS:
        raise QunyingError(_("Write a path that ends in .html, .pdf, .docx or .xlsx, not “%(path)s”.") % {"path": out})
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
    from qunying.ground.warehouse.services import catch_up

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
