"""What the command line prints: one JSON object on stdout, or lines for people; errors on stderr."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
"""Asks a command for JSON instead of lines for people."""

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def emit(payload: Mapping[str, Any], *, as_json: bool, lines: Iterable[str] = ()) -> None:
    """Print `payload` as the one JSON object on stdout, or the lines meant for people."""
    if as_json:
        sys.stdout.write(json.dumps(payload, ensure_ascii=False, default=_plain) + "\n")
        return
    for line in lines:
        out.print(line, markup=False)


def emit_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table for people."""
    table = Table(*columns, header_style="bold")
    for row in rows:
        table.add_row(*(str(_shown(value)) for value in row))
    out.print(table)


def _shown(value: object) -> object:
    return "—" if value is None else value


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
