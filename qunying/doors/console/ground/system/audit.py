"""The audit: who did what, searched, checked and taken out."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.ground.system.names import actor_names
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import staff_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_everywhere
from qunying.ground.audit.queries import search_acts
from qunying.ground.audit.verbs import audited_verbs
from qunying.ground.audit.verify import verify_chain
from qunying.kit.errors import NotAllowedError
from qunying.kit.sheets import csv_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.audit.models import Act

_PAGE = 50
_CHUNK = 500
_SHOWN = 4
_DIGEST = 64


def _reader(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    if not may_anywhere(staff, Permission.SEE_AUDIT):
        raise NotAllowedError(_("Your roles do not include the audit. Ask a director."))
    return staff


def _found(request: HttpRequest, staff: Staff, zone: ZoneInfo, *, whole: bool) -> QuerySet[Act]:
    """What the filters ask for; whoever reads the audit of some units sees the acts of their people only."""
    people = None if whole else [person.actor_key for person in staff_for(staff, Permission.SEE_AUDIT)]
    asked = request.GET
    return search_acts(
        actors=people,
        actor=asked.get("actor", "").strip(),
        verb=asked.get("verb", "").strip(),
        subject=asked.get("subject", "").strip(),
        day=_day(asked.get("day", "")),
        zone=zone,
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


@require_GET
@login_required
def audit(request: HttpRequest) -> HttpResponse:
    """The acts, the newest first."""
    staff = _reader(request)
    zone, whole = zone_of(staff), may_everywhere(staff, Permission.SEE_AUDIT)
    page = Paginator(_found(request, staff, zone, whole=whole), _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": list(_rows(page)),
        "people": staff_for(staff, Permission.SEE_AUDIT).prefetch_related(None).order_by("name"),
        "verbs": audited_verbs(),
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("actor", "verb", "subject", "day")),
        "may_verify": whole,
        "zone": zone,
    }
    return render(request, "console/system/audit.html", context)


def _rows(acts: Iterable[Act]) -> Iterator[dict[str, object]]:
    acts = list(acts)
    names = actor_names({act.actor for act in acts})
    for act in acts:
        yield {
            "act": act,
            "actor": names[act.actor],
            "subject": _subject(act),
            "facts": [(name, _short(value)) for name, value in sorted(act.details.items())],
            "sealed": hasattr(act, "seal"),
        }


def _subject(act: Act) -> str:
    return f"{act.subject_type}:{act.subject_id}" if act.subject_id else act.subject_type


def _short(value: object) -> str:
    """One detail for the eye; the export holds it whole."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        shown = [_short(one) for one in value[:_SHOWN]]
        return ", ".join(shown) + (f" … ({len(value)})" if len(value) > _SHOWN else "")
    text = str(value)
    return f"{text[:12]}…" if len(text) == _DIGEST else text


def _details(act: Act) -> str:
    return json.dumps(act.details, ensure_ascii=False, sort_keys=True) if act.details else ""


@require_GET
@login_required
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the filters found, as a file for a spreadsheet; times carry their offset."""
    staff = _reader(request)
    zone, whole = zone_of(staff), may_everywhere(staff, Permission.SEE_AUDIT)
    columns = [_("Number"), _("When"), _("Who"), _("Key"), _("What"), _("Verb"), _("On what"), _("Details"), _("Seal")]
    lines = csv_lines(columns, _export_rows(_found(request, staff, zone, whole=whole), zone))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _export_rows(acts: QuerySet[Act], zone: ZoneInfo) -> Iterator[list[object]]:
    meanings = audited_verbs()
    names: dict[str, str] = {}
    for act in acts.iterator(chunk_size=_CHUNK):
        if act.actor not in names:
            names |= actor_names({act.actor})
        yield [
            act.pk,
            act.at.astimezone(zone).isoformat(timespec="seconds"),
            names[act.actor],
            act.actor,
            str(meanings.get(act.verb, act.verb)),
            act.verb,
            _subject(act),
            _details(act),
            bytes(act.seal.digest).hex() if hasattr(act, "seal") else "",
        ]


@require_POST
@login_required
def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the whole chain; only for those who may see all of it."""
    staff = _reader(request)
    if not may_everywhere(staff, Permission.SEE_AUDIT):
        raise NotAllowedError(_("The chain runs through every unit. Only those who read the whole audit may check it."))
    part = request.headers.get("HX-Request") == "true"
    template = "console/system/audit_report.html" if part else "console/system/audit_checked.html"
    return render(request, template, {"report": verify_chain()})
