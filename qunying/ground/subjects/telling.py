"""Everything that is held of one person, to be given to them: as JSON, and as a page anyone can read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.subjects.holdings import all_holdings

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from qunying.ground.audit.actors import Actor
    from qunying.ground.members.models import Member

EXPORT = declare_verb("subjects.export", gettext_lazy("Everything held of a member was made into a file for them."))
FORMS = {"json": "application/json", "html": "text/html; charset=utf-8"}

_STYLES = Path(__file__).parent / "templates" / "subjects" / "export.css"
_PAGE = """<!doctype html>
<html lang="{}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{}</title>
<style>
{}
</style>
</head>
<body>
{}
</body>
</html>
"""

NAMES: dict[str, _StrPromise] = {
    "number": pgettext_lazy("of a person", "Number"),
    "name": pgettext_lazy("of a person", "Name"),
    "known_since": gettext_lazy("Known since"),
    "platform": gettext_lazy("Platform"),
    "account": gettext_lazy("Account"),
    "field": gettext_lazy("Field"),
    "value": gettext_lazy("Value"),
    "dimension": gettext_lazy("Dimension"),
    "tag": gettext_lazy("Tag"),
    "source": gettext_lazy("Source"),
    "since": gettext_lazy("Since"),
    "at": gettext_lazy("When"),
    "note": gettext_lazy("Note"),
    "purpose": gettext_lazy("Purpose"),
    "given": gettext_lazy("Agreed"),
    "text_version": gettext_lazy("Version of the wording"),
    "by_guardian": gettext_lazy("By a guardian"),
    "limit": gettext_lazy("Limit"),
    "until": gettext_lazy("Until"),
    "reason": gettext_lazy("Reason"),
    "received": gettext_lazy("Came on"),
    "kind": gettext_lazy("Kind"),
    "state": gettext_lazy("State"),
    "due": gettext_lazy("Due by"),
    "closed": gettext_lazy("Answered on"),
    "answer": gettext_lazy("Answer"),
    "before": gettext_lazy("Before"),
    "by": gettext_lazy("By whom"),
    "community": gettext_lazy("Community"),
    "group": gettext_lazy("Group"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "channel": gettext_lazy("Channel"),
    "role": gettext_lazy("Role"),
    "order": gettext_lazy("Order"),
    "minor_units": gettext_lazy("Amount in the smallest unit"),
    "currency": gettext_lazy("Currency"),
    "text": gettext_lazy("Text"),
    "about": gettext_lazy("About"),
}
"""What the fields of the export are called on the page; others keep their own names."""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the page: its words, the names of its columns, its rows as text."""

    label: str
    columns: list[str]
    rows: list[list[str]]
    kept: str


def export_member(member: Member, *, form: str, by: Actor) -> bytes:
    """Everything we hold of the person as a file, in the active language; one audit row says who made it.

    Times are UTC in JSON and on the page; amounts are in the smallest unit of the currency.
    """
    told = {one.name: list(one.tell(member)) for one in all_holdings()}
    with transaction.atomic():
        rows = {name: len(rows) for name, rows in told.items() if rows}
        write_act(EXPORT, by=by, subject_type="member", subject_id=member.pk, details={"format": form, **rows})
    return _as_json(member, told) if form == "json" else _as_page(member, told)


def _as_json(member: Member, told: dict[str, list[dict[str, Any]]]) -> bytes:
    whole = {"member": member.pk, "made_at": timezone.now(), **told}
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)


def _as_page(member: Member, told: dict[str, list[dict[str, Any]]]) -> bytes:
    parts = [_part(str(one.label), told[one.name], str(one.kept)) for one in all_holdings()]
    context = {
        "member": member,
        "parts": [part for part in parts if part.rows],
        "empty": [part.label for part in parts if not part.rows],
        "made_at": timezone.now(),
    }
    body = render_to_string("subjects/export.html", context)
    # The style sheet is ours; it stands in an element where HTML knows no escapes.
    styles = mark_safe(_STYLES.read_text(encoding="utf-8"))  # noqa: S308 - see above
    return format_html(_PAGE, get_language(), _("Everything we hold of you"), styles, body).encode()


def _part(label: str, rows: list[dict[str, Any]], kept: str) -> Part:
    names = list(dict.fromkeys(name for row in rows for name in row))
    used = [name for name in names if any(row.get(name) not in {None, ""} for row in rows)]
    return Part(
        label,
        [str(NAMES.get(name, name)) for name in used],
        [[_shown(row.get(name)) for name in used] for row in rows],
        kept,
    )


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)
