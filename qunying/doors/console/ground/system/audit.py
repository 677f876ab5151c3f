"""The audit: who did what, searched, checked and taken out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Max
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.ground.system.audit_words import SUBJECTS, detail_words, subject_words
from qunying.doors.console.ground.system.names import actor_names
from qunying.doors.console.lists import Column, Listing, in_chunks
from qunying.doors.console.people import staff_of
from qunying.doors.console.zones import zone_of
from qunying.ground.access.models import ApiKey
from qunying.ground.access.queries import staff_for, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_everywhere
from qunying.ground.audit.queries import search_acts
from qunying.ground.audit.verbs import audited_verbs
from qunying.ground.audit.verify import verify_chain
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.audit.models import Act

_PAGE = 50
_SHOWN = 4
_DIGEST = 64


@dataclass(frozen=True, slots=True)
class Line:
    """One act for a file, with the name of who did it and what the verb means."""

    act: Act
    who: str
    meaning: str


def _seal(line: Line) -> str:
    return bytes(line.act.seal.digest).hex() if hasattr(line.act, "seal") else ""


ACTS: Listing[Line] = Listing(
    "audit",
    gettext_lazy("Audit"),
    (
        Column("number", gettext_lazy("Number"), lambda line: line.act.pk, shown=False),
        Column("when", gettext_lazy("When"), lambda line: line.act.at, order="id"),
        Column("who", gettext_lazy("Who"), lambda line: line.who, order="actor"),
        Column("key", gettext_lazy("Key"), lambda line: line.act.actor, shown=False),
        Column("what", gettext_lazy("What"), lambda line: line.meaning, order="verb"),
        Column("verb", gettext_lazy("Verb"), lambda line: line.act.verb, shown=False),
        Column("subject", gettext_lazy("On what"), lambda line: _subject(line.act), order="subject_type"),
        Column("details", gettext_lazy("Details"), lambda line: _details(line.act)),
        Column("seal", gettext_lazy("Seal"), _seal),
    ),
    default="-when",
)


def _reader(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    if not may_anywhere(staff, Permission.SEE_AUDIT):
        raise NotAllowedError(_("Your roles do not include the audit. Ask a director."))
    return staff


def _found(request: HttpRequest, staff: Staff, zone: ZoneInfo, *, whole: bool) -> QuerySet[Act]:
    """What the filters ask for; whoever reads the audit of some units sees the acts of their people and keys only."""
    people = [person.actor_key for person in staff_for(staff, Permission.SEE_AUDIT)] if not whole else []
    keys = [key.actor_key for key in _keys(staff)] if not whole else []
    asked = request.GET
    found = search_acts(
        actors=None if whole else [*people, *keys],
        actor=asked.get("actor", "").strip(),
        verb=asked.get("verb", "").strip(),
        subject=asked.get("subject", "").strip(),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        zone=zone,
    )
    return ACTS.sort(found, asked)


def _keys(staff: Staff) -> QuerySet[ApiKey]:
    """The API keys of the units whose audit this person reads."""
    return ApiKey.objects.filter(unit__in=units_for(staff, Permission.SEE_AUDIT)).order_by("name")


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
        "keys": _keys(staff),
        "verbs": audited_verbs(),
        "subjects": _subjects(request.GET.get("subject", "").strip()),
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("actor", "verb", "subject", "since", "until")),
        "may_verify": whole,
        "zone": zone,
        **ACTS.table(request.GET),
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
            "subject_words": subject_words(act.subject_type, act.subject_id),
            "facts": [
                (detail_words(name), _short(value))
                for name, value in sorted(act.details.items())
                if value not in (None, "", [], {})
            ],
            "sealed": hasattr(act, "seal"),
        }


def _subjects(wanted: str) -> list[tuple[str, str]]:
    """Kinds of things to choose from; the one thing asked for, where a link led there, stands first."""
    kind, _colon, number = wanted.partition(":")
    one = [(wanted, subject_words(kind, number))] if wanted and (number or kind not in SUBJECTS) else []
    return one + sorted(((name, str(words)) for name, words in SUBJECTS.items()), key=lambda pair: pair[1])


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
def export(request: HttpRequest) -> HttpResponseBase:
    """What the filters found, as a file for a spreadsheet, up to now: without the line that says it was taken."""
    staff = _reader(request)
    zone, whole = zone_of(staff), may_everywhere(staff, Permission.SEE_AUDIT)
    found = _found(request, staff, zone, whole=whole)
    newest = found.aggregate(newest=Max("pk"))["newest"] or 0
    found = found.filter(pk__lte=newest)
    return ACTS.export(request, in_chunks(found, _lines), count=found.count(), zone=zone, by=staff)


def _lines(acts: Sequence[Act]) -> list[Line]:
    meanings, names = audited_verbs(), actor_names({act.actor for act in acts})
    return [Line(act, names[act.actor], str(meanings.get(act.verb, act.verb))) for act in acts]


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
