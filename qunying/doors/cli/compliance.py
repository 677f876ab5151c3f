"""`check-text`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.doors.cli.output import emit
from qunying.ground.groups.queries import get_community
from qunying.kit.encodings import detect_encoding
from qunying.kit.errors import NotFoundError
from qunying.plan.compliance.checking import check_text

if TYPE_CHECKING:
    from qunying.plan.compliance.checking import Finding


def register(app: typer.Typer) -> None:
    """Add the command `check-text`."""
    app.command("check-text")(check)


def check(
    file: Annotated[str, typer.Argument(help="A text file; - reads what is piped in.")],
    *,
    community: Annotated[str, typer.Option(help="Short name of the community it would go to.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Say what the word lists find in a text, place by place; exit code 1 where something has to be changed."""
    text = _text_of(file)
    findings = check_text(text, community=get_community(community) if community else None)
    stops = sum(one.severity == "stop" for one in findings)
    payload = {"findings": [asdict(one) for one in findings], "stops": stops}
    emit(payload, as_json=as_json, lines=[*(_line(text, one) for one in findings), _sum(len(findings), stops)])
    if stops:
        raise typer.Exit(1)


def _text_of(file: str) -> str:
    if file != "-" and not Path(file).is_file():
        raise NotFoundError(_("There is no file %(path)s.") % {"path": file})
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    return content.decode(detect_encoding([content]), errors="replace").removeprefix("\ufeff")


def _line(text: str, one: Finding) -> str:
    row = text.count("\n", 0, one.start) + 1
    column = one.start - (text.rfind("\n", 0, one.start) + 1) + 1
    grave = _("must be changed") if one.severity == "stop" else _("take another look")
    words = f"{row}:{column}  {one.excerpt}  {grave}  {one.reason}"
    return f"{words}  → {one.instead}" if one.instead else words


def _sum(many: int, stops: int) -> str:
    if not many:
        return _("Nothing was found.")
    words = ngettext(
        "%(count)d place was found, of which %(stops)d must be changed.",
        "%(count)d places were found, of which %(stops)d must be changed.",
        many,
    )
    return words % {"count": many, "stops": stops}
