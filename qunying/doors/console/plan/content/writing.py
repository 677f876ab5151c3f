"""Writing an entry, and changing its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qunying.doors.console.do.publishing.card import stays_words
from qunying.doors.console.people import went_well
from qunying.doors.console.plan.content.forms import DraftForm, PlanForm, draft_initial, plan_initial
from qunying.doors.console.plan.content.views import writer_in
from qunying.doors.console.plan.materials.rows import today_of
from qunying.plan.content.models import Entry, Picture
from qunying.plan.content.queries import get_entry_for, newest_version
from qunying.plan.content.services import MOST_PICTURES, Shown, plan_entry, write_version
from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import usable
from qunying.plan.materials.services_pictures import keep_picture

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff

_MOST_SHOWN = 200
_PARTS = {Material.Kind.PICTURE, Material.Kind.TEXT}
"""What stands in an entry as one of several pictures, or is copied into its words, and is not the whole of it."""
_APPROVED = {Entry.State.FIRST, Entry.State.SECOND, Entry.State.APPROVED}


@require_http_methods(["GET", "POST"])
@login_required
def write(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write what is to be shown; whatever was approved of it is then to be read anew."""
    staff, community = writer_in(request, slug)
    entry = get_entry_for(staff, slug, pk)
    version = newest_version(entry)
    ready = list(usable(community, on=entry.slot_day or today_of(community)).order_by("-pk")[:_MOST_SHOWN])
    drawn = [one for one in ready if one.kind == Material.Kind.PICTURE]
    whole = [one for one in ready if one.kind not in _PARTS]
    form = DraftForm(request.POST or None, initial=draft_initial(entry, version), entry=entry, materials=whole)

    def act() -> None:
        write_version(entry, draft=form.draft(_pictures(request, entry, staff, drawn)), by=staff)

    if request.method == "POST" and form.is_valid() and went_well(form, act):
        messages.success(request, _("Saved."))
        return redirect("entry", slug=slug, pk=pk)
    context = {
        "community": community,
        "entry": entry,
        "form": form,
        "pictures": list(version.pictures.select_related("file")) if version else [],
        "most_pictures": MOST_PICTURES,
        "library": drawn,
        "chosen": request.POST.getlist("from_library"),
        "voids": entry.state in _APPROVED,
    }
    return render(request, "console/content/write.html", context)


def _pictures(request: HttpRequest, entry: Entry, staff: Staff, library: list[Material]) -> tuple[Shown, ...]:
    """Those of the newest version that stay, as they are now told of, the new ones, and those from the library."""
    version, given = newest_version(entry), request.POST
    shown = (
        Picture.objects.filter(version=version).select_related("file", "material")
        if version
        else Picture.objects.none()
    )
    kept = [
        Shown(
            one.file, given.get(f"caption-{one.pk}", "")[:200], given.get(f"licence-{one.pk}", "")[:200], one.material
        )
        for one in shown
        if not given.get(f"away-{one.pk}")
    ]
    licence = given.get("new_licence", "")[:200]
    unit = entry.community.unit
    new = [
        Shown(keep_picture(sent.read(), name=sent.name or "picture", unit=unit, by=staff), "", licence)
        for sent in request.FILES.getlist("new_pictures")[:MOST_PICTURES]
    ]
    return tuple(kept + new + _from_library(given.getlist("from_library"), library))


def _from_library(ids: list[str], library: list[Material]) -> list[Shown]:
    return [
        Shown(one.file, "", "，".join(filter(None, (str(one.get_licence_display()), one.source)))[:200], one)
        for one in library
        if str(one.pk) in ids and one.file is not None
    ]


@require_http_methods(["GET", "POST"])
@login_required
def plan(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change when, where, whose and what about it is; approval stays."""
    staff, community = writer_in(request, slug)
    entry = get_entry_for(staff, slug, pk)
    form = PlanForm(request.POST or None, community=community, entry=entry, initial=plan_initial(entry))

    def act() -> None:
        plan_entry(entry, planned=form.planned(), by=staff)

    if request.method == "POST" and form.is_valid() and went_well(form, act):
        messages.success(request, _("The plan is changed."))
        if stays := stays_words(get_entry_for(staff, slug, pk)):
            messages.warning(request, stays)
        return redirect("entry", slug=slug, pk=pk)
    context = {"community": community, "entry": entry, "form": form, "heading": _("When, where and whose")}
    return render(request, "console/content/form.html", context)
