"""`doctor`: looks whether an installation is well, and says what to do where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from qunying.doors.cli.output import Json, emit
from qunying.ground.patrol.checks import State, examine

if TYPE_CHECKING:
    from qunying.ground.patrol.checks import Result

_MARKS = {State.WELL: "✓", State.WARNING: "!", State.BAD: "✗"}


def register(app: typer.Typer) -> None:
    """Add `doctor`."""
    app.command()(doctor)


def doctor(*, as_json: Json = False) -> None:
    """Look whether this installation is well; each fault comes with its remedy. Exit code 1 where one needs you now."""
    results = examine()
    ok = not any(result.state is State.BAD for result in results)
    emit({"ok": ok, "findings": [_plain(result) for result in results]}, as_json=as_json, lines=map(_line, results))
    raise typer.Exit(0 if ok else 1)


def _plain(result: Result) -> dict[str, object]:
    return {
        "check": result.check,
        "name": result.label,
        "state": str(result.state),
        "ok": result.ok,
        "seen": result.words,
        "remedy": result.remedy,
    }


def _line(result: Result) -> str:
    remedy = f" → {result.remedy}" if result.remedy else ""
    return f"{_MARKS[result.state]} {result.label}: {result.words}{remedy}"
