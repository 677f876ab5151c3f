"""One material: what it is and by what right, its versions, where it is used; and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.do.reach.queries import sendings_for
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import staff_of, went_well
from qunying.doors.console.plan.content.views import writer_in
from qunying.doors.console.plan.content.words import STATES as ENTRY_STATES
from qunying.doors.console.plan.materials.forms import AboutForm, ContentsForm, about_initial
from qunying.doors.console.plan.materials.rows import material_rows, today_of
from qunying.doors.console.ranges import file_answer
from qunying.kit.errors import NotFoundError
from qunying.plan.content.models import Entry
from qunying.plan.content.queries import entries_for
from qunying.plan.materials.queries import get_material_for
from qunying.plan.materials.rules import check_may_keep, may_keep
from qunying.plan.materials.services import (
    Body,
    archive_materials,
    change_material,
    replace_material,
    restore_materials,
)
from qunying.plan.materials.services_files import take_file

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.plan.materials.models import Material

_SHOWN = ("image/", "audio/", "video/")
_MOST_USES = 50


@require_http_methods(["GET", "POST"])
@login_required
def material(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One material; what is known about it can be changed here."""
    staff = staff_of(request)
    community, found = get_material_for(staff, slug, pk)
    form = AboutForm(request.POST or None, community=community, initial=about_initial(found))
    if request.method == "POST":
        check_may_keep(staff, found.unit)
        if form.is_valid() and went_well(form, lambda: change_material(found, about=form.about(), by=staff)):
            messages.success(request, _("The changes are saved."))
            return redirect("material", slug=slug, pk=pk)
    [row] = material_rows([found], today_of(community))
    context = {
        "community": community,
        "material": found,
        "row": row,
        "form": form,
        "may_keep": may_keep(staff, found.unit),
        "shown": found.media_type.split("/")[0] if found.media_type.startswith(_SHOWN) else "",
        "versions": list(found.versions.select_related("file").order_by("-number")),
        "uses": _uses(found, staff),
        "contents": ContentsForm(initial={"address": found.address, "words": found.words}),
        "tags": list(found.tags.values_list("name", flat=True)),
    }
    return render(request, "console/materials/one.html", context, status=400 if form.errors else 200)


def _uses(material: Material, staff: Staff) -> list[dict[str, object]]:
    """The entries and sendings that use it and that this person may open, the newest use first."""
    rows = list(material.uses.values_list("what", "what_id")[:_MOST_USES])
    entries = entries_for(staff).in_bulk([pk for what, pk in rows if what == "entry"])
    sendings = sendings_for(staff).in_bulk([pk for what, pk in rows if what == "sending"])
    found = [entries.get(pk) if what == "entry" else sendings.get(pk) for what, pk in rows]
    return [
        {"entry": one, "state": ENTRY_STATES[one.state]}
        if isinstance(one, Entry)
        else {"sending": one, "state": one.get_state_display()}
        for one in found
        if one is not None
    ]


@require_POST
@login_required
def replace(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put new contents in the place of the old ones."""
    staff, _community = writer_in(request, slug)
    _same, found = get_material_for(staff, slug, pk)

    def act() -> None:
        replace_material(found, body=_body(request, found, staff), by=staff)

    done = _("The new version is in the library. What uses it keeps the one that was reviewed.")
    return act_and_return(request, act, done=done, back=reverse("material", args=[slug, pk]))


def _body(request: HttpRequest, found: Material, staff: Staff) -> Body:
    sent = request.FILES.get("file")
    if sent is not None:
        return take_file(sent, name=sent.name or found.name, size=sent.size or 0, unit=found.unit, by=staff)
    return Body(found.kind, address=request.POST.get("address", "").strip(), words=request.POST.get("words", ""))


@require_POST
@login_required
def put(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put it away, or take it out again."""
    staff, _community = writer_in(request, slug)
    _same, found = get_material_for(staff, slug, pk)
    back = reverse("material", args=[slug, pk])
    if request.POST.get("act") == "restore":
        return act_and_return(
            request, lambda: restore_materials([found], by=staff), done=_("It can be used again."), back=back
        )
    return act_and_return(
        request,
        lambda: archive_materials([found], by=staff),
        done=_("It is put away. What uses it stays as it is."),
        back=back,
    )


@require_GET
@login_required
def file(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponseBase:
    """The file of one version: shown where a browser can, else to keep."""
    _community, found = get_material_for(staff_of(request), slug, pk)
    version = found.versions.filter(number=number).select_related("file").first()
    if version is None or version.file is None:
        raise NotFoundError(_("There is no such file in this material."))
    keep = not version.media_type.startswith(_SHOWN) or "keep" in request.GET
    return file_answer(request, version.file, media_type=version.media_type, as_attachment=keep)
