"""Trying a text: the places the lists find are marked, with the reason and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qunying.doors.console.plan.compliance.lists import seer_of
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.kit.formats import sentences
from qunying.plan.compliance.checking import check_text
from qunying.plan.compliance.models import WordList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from qunying.plan.compliance.checking import Finding

MOST = 20_000
"""Characters of a text that is tried."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text under the same findings; `severity` is the gravest of theirs, '' where there is none."""

    text: str
    severity: str


def pieces_of(text: str, findings: Sequence[Finding]) -> list[Piece]:
    """The text cut wherever a finding begins or ends."""
    cuts = sorted({0, len(text), *(cut for one in findings for cut in (one.start, one.end))})
    found = []
    for start, end in pairwise(cuts):
        over = {one.severity for one in findings if one.start <= start and end <= one.end}
        found.append(Piece(text[start:end], "stop" if "stop" in over else "warn" if over else ""))
    return found


@require_http_methods(["GET", "POST"])
@login_required
def try_text(request: HttpRequest) -> HttpResponse:
    """Say what the lists of a community, or those of everyone, find in a text; nothing is kept."""
    staff = seer_of(request)
    text, slug = request.POST.get("text", "").replace("\r\n", "\n"), request.POST.get("community", "")
    context: dict[str, object] = {
        "text": text,
        "slug": slug,
        "most": MOST,
        "communities": communities_for(staff, Permission.SEE_PLAN).order_by("name"),
        "asked": request.method == "POST" and bool(text.strip()),
        "none_on": not WordList.objects.filter(active=True).exists(),
    }
    if len(text) > MOST:
        refusal = _("The text is longer than %(most)s characters. Try it in parts.") % {"most": f"{MOST:,}"}
        return render(
            request, "console/compliance/try.html", context | {"refusal": refusal, "asked": False}, status=400
        )
    community = get_community_for(staff, slug, Permission.SEE_PLAN) if slug else None
    if context["asked"]:
        findings = check_text(text, community=community)
        context |= {"findings": findings, "pieces": pieces_of(text, findings)}
        context["stops"] = stops = sum(one.severity == WordList.Severity.STOP for one in findings)
        context["summary"] = _summary(len(findings), stops)
    return render(request, "console/compliance/try.html", context)


def _summary(many: int, stops: int) -> str:
    parts = [ngettext("One place was found.", "%(n)s places were found.", many) % {"n": many}]
    if stops:
        parts.append(ngettext("%(n)s must be changed.", "%(n)s must be changed.", stops) % {"n": stops})
    return sentences(parts)
