"""`audit verify`: the trail of acts, checked from the machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.doors.cli.output import Json, emit
from qunying.ground.audit.verify import verify_chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.audit.verify import AuditReport

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the group `audit`."""
    group = typer.Typer(help="The trail of what people did.", no_args_is_help=True)
    group.callback()(_audit)
    group.command()(verify)
    app.add_typer(group, name="audit")


def _audit() -> None:
    """The trail of what people did."""


def verify(*, as_json: Json = False) -> None:
    """Recompute the chain of seals and name every act that was changed, deleted, inserted or moved."""
    report = verify_chain()
    emit(_payload(report), as_json=as_json, lines=_lines(report))
    if not report.ok:
        raise typer.Exit(1)


def _payload(report: AuditReport) -> dict[str, object]:
    breaks = [{"fault": str(found.fault), "act": found.act, "number": found.number} for found in report.breaks]
    return {
        "ok": report.ok,
        "sealed": report.sealed,
        "unsealed": report.unsealed,
        "head": report.head,
        "breaks": breaks,
    }


def _lines(report: AuditReport) -> Iterator[str]:
    counts = {"sealed": report.sealed, "unsealed": report.unsealed}
    yield _("Sealed acts: %(sealed)s. Waiting for their seal: %(unsealed)s.") % counts
    if report.ok:
        yield _("The trail is whole. Newest link: %(head)s") % {"head": report.head or "—"}
        return
    count = len(report.breaks)
    yield ngettext("The trail is broken in %(count)s place.", "The trail is broken in %(count)s places.", count) % {
        "count": count
    }
    for found in report.breaks[:_SHOWN]:
        place = {"number": found.number or "—", "act": found.act or "—", "words": found.words}
        yield _("link %(number)s, act %(act)s: %(words)s") % place
