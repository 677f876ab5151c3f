"""Scripts: the list to copy from, writing, bringing in and taking away."""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return, ids_in
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_may, staff_of, went_well
from qunying.doors.console.plan.content.views import writer_in
from qunying.doors.console.plan.materials.forms import NewScriptForm, ScriptForm
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import QunyingError
from qunying.kit.formats import sentences
from qunying.kit.uploaded import LARGEST
from qunying.plan.compliance.checking import check_text
from qunying.plan.materials.models import Script
from qunying.plan.materials.queries import get_script_for, saying, scripts_in
from qunying.plan.materials.reading import scripts_in_file
from qunying.plan.materials.rules import check_may_keep, may_keep
from qunying.plan.materials.services_scripts import (
    archive_scripts,
    bring_scripts,
    change_script,
    count_use,
    places_in,
    restore_scripts,
    write_script,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from qunying.ground.groups.models import Community
    from qunying.plan.materials.services_scripts import Brought, Said

PAGE = 60
_UNDO = "scripts_undo"

SCRIPTS: Listing[Script] = Listing(
    "scripts",
    gettext_lazy("Scripts"),
    (
        Column("situation", gettext_lazy("Situation"), lambda row: row.situation, order="situation"),
        Column("title", pgettext_lazy("of a script", "Title"), lambda row: row.title, order="title"),
        Column("words", gettext_lazy("What is said"), lambda row: row.words),
        Column("uses", gettext_lazy("Times used"), lambda row: row.uses, order="uses"),
        Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, order="changed_at"),
    ),
    default="situation",
)


def _found(request: HttpRequest, community: Community) -> QuerySet[Script]:
    found, wanted = scripts_in(community), request.GET.get("situation", "")
    if wanted:
        found = found.filter(situation=wanted[:100])
    return SCRIPTS.sort(saying(found, request.GET.get("q", "")[:100]), request.GET)


@require_GET
@login_required
def scripts(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be said in a community, by situation, each to be copied with one tap."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    page = Paginator(_found(request, community), PAGE).get_page(request.GET.get("page"))
    held = permissions_in(staff, community.unit)
    asked = SCRIPTS.asked(request.GET)
    cards = [{"script": one, "places": places_in(one.words)} for one in page.object_list]
    grouped = asked.lstrip("-") == "situation"
    context = {
        "community": community,
        "page": page,
        "groups": [
            {"name": name, "cards": list(some)}
            for name, some in groupby(cards, key=lambda card: card["script"].situation if grouped else "")  # type: ignore[attr-defined]
        ],
        "any": bool(cards),
        "wanted": request.GET,
        "situations": sorted(set(scripts_in(community).order_by().values_list("situation", flat=True).distinct())),
        "narrows": bool(request.GET.get("q") or request.GET.get("situation")),
        "may_write": Permission.WRITE_CONTENT in held,
        "may_export": Permission.EXPORT in held,
        "may_send": Permission.SEND in held,
        "undo": request.session.get(_UNDO, {}).get("words") if "undo" in request.GET else None,
        **SCRIPTS.table(request.GET),
    }
    return render(request, "console/materials/scripts.html", context)


@require_GET
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The scripts that fit as a file that can be brought back in."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    refusal = _("Your role may not take lists out. Ask the lead of the unit.")
    check_may(staff, Permission.EXPORT, community.unit, refusal=refusal)
    found = _found(request, community)
    zone = ZoneInfo(community.timezone)
    return SCRIPTS.export(request, found.iterator(), count=found.count(), zone=zone, by=staff, of=slug)


@require_POST
@login_required
def used(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Count that the words were copied; the page says nothing to it."""
    _community, script = get_script_for(staff_of(request), slug, pk)
    count_use(script)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a script."""
    staff, community = writer_in(request, slug)
    form = NewScriptForm(request.POST or None, initial={"situation": request.GET.get("situation", "")})

    def act() -> None:
        place = None if form.cleaned_data["shared"] else community
        write_script(form.said(), unit=community.unit, community=place, by=staff)

    if request.method == "POST" and form.is_valid() and went_well(form, act):
        messages.success(request, _("The script is there."))
        return redirect("scripts", slug=slug)
    context = {"community": community, "form": form, "situations": _situations(community)}
    return render(request, "console/materials/script.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a script, with what the word lists say of it."""
    staff, community = writer_in(request, slug)
    _same, script = get_script_for(staff, slug, pk)
    stands = {"situation": script.situation, "title": script.title, "words": script.words}
    form = ScriptForm(request.POST or None, initial=stands)
    if request.method == "POST":
        check_may_keep(staff, script.unit)
        if form.is_valid() and went_well(form, lambda: change_script(script, said=form.said(), by=staff)):
            messages.success(request, _("The changes are saved."))
            return redirect("scripts", slug=slug)
    context = {
        "community": community,
        "form": form,
        "script": script,
        "may_keep": may_keep(staff, script.unit),
        "findings": check_text(script.words, community=community),
        "situations": _situations(community),
    }
    return render(request, "console/materials/script.html", context, status=400 if form.errors else 200)


def _situations(community: Community) -> list[str]:
    return sorted(set(scripts_in(community).order_by().values_list("situation", flat=True)))


@require_POST
@login_required
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the chosen scripts away."""
    staff, community = writer_in(request, slug)
    chosen = list(scripts_in(community).filter(pk__in=ids_in(request.POST)))
    back = reverse("scripts", args=[slug])
    if not chosen:
        messages.error(request, _("Nothing is chosen. Tick the boxes of those you mean."))
        return redirect(back)
    ids = archive_scripts(chosen, by=staff)
    words = ngettext("%(n)d script was put away.", "%(n)d scripts were put away.", len(ids)) % {"n": len(ids)}
    request.session[_UNDO] = {"slug": slug, "ids": ids, "words": words}
    return redirect(f"{back}?undo=1")


@require_POST
@login_required
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the last putting away back."""
    staff, community = writer_in(request, slug)
    last = request.session.pop(_UNDO, {})
    ids = last.get("ids", []) if last.get("slug") == slug else []
    line = [int(part) for part in community.unit.path.split("/") if part]

    def act() -> None:
        found = list(Script.objects.filter(pk__in=ids, unit__in=line).select_related("unit", "community"))
        if not found:
            raise QunyingError(_("There is nothing left to take back."))
        restore_scripts(found, by=staff)

    return act_and_return(request, act, done=_("The change is taken back."), back=reverse("scripts", args=[slug]))


@require_http_methods(["GET", "POST"])
@login_required
def bring(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring in scripts from a file; what was left out is told row by row."""
    staff, community = writer_in(request, slug)
    context: dict[str, object] = {"community": community}
    if request.method == "GET":
        return render(request, "console/materials/bring.html", context)
    try:
        place = None if request.POST.get("shared") else community
        result = bring_scripts(_sent(request), unit=community.unit, community=place, by=staff)
    except QunyingError as refused:
        return render(request, "console/materials/bring.html", context | {"refusal": str(refused)}, status=400)
    messages.success(request, _came(result))
    if not result.refused:
        return redirect("scripts", slug=slug)
    return render(request, "console/materials/bring.html", context | {"result": result})


def _sent(request: HttpRequest) -> list[Said]:
    upload = request.FILES.get("file")
    if upload is None:
        raise QunyingError(_("Choose a file."))
    if (upload.size or 0) > LARGEST:
        raise QunyingError(_("The file is larger than 5 MB. Divide it."))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "scripts"
        path.write_bytes(upload.read())
        return scripts_in_file(path, name=upload.name or "")


def _came(result: Brought) -> str:
    words = ngettext("%(n)d script is new.", "%(n)d scripts are new.", result.added) % {"n": result.added}
    parts = [words]
    if result.changed:
        parts.append(
            ngettext("%(count)d was changed.", "%(count)d were changed.", result.changed) % {"count": result.changed}
        )
    if result.same:
        parts.append(_("%(count)d stood there so.") % {"count": result.same})
    return sentences(parts)
