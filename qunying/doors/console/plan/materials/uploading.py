"""Putting things into the library: files, several at once, and what has no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from qunying.doors.console.people import went_well
from qunying.doors.console.plan.content.views import writer_in
from qunying.doors.console.plan.materials.forms import TypedForm
from qunying.doors.console.plan.materials.views import list_context
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id
from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import get_folder_in
from qunying.plan.materials.services import About, add_material
from qunying.plan.materials.services_files import take_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.materials.models import Folder

MOST_FILES = 30


@require_POST
@login_required
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Put files into the library; each that cannot be kept is told with its reason, the others are kept."""
    staff, community = writer_in(request, slug)
    folder = get_folder_in(community, to_id(request.POST.get("folder", "")))
    sent = request.FILES.getlist("files")
    refused: list[str] = [] if sent else [_("Choose one or more files.")]
    if len(sent) > MOST_FILES:
        words = _("At most %(most)d files come at once. The rest was left out: bring it again.")
        refused.append(words % {"most": MOST_FILES})
    kept = 0
    for one in sent[:MOST_FILES]:
        try:
            _keep(one, request, folder, community, staff)
            kept += 1
        except QunyingError as error:
            refused.append(str(error))
    if kept:
        words = ngettext("%(n)d file is in the library.", "%(n)d files are in the library.", kept)
        messages.success(request, words % {"n": kept})
    if not refused:
        back = reverse("materials", args=[slug])
        return redirect(f"{back}?folder={folder.pk}" if folder else back)
    context = list_context(request, community, staff) | {"refused": refused}
    return render(request, "console/materials/list.html", context, status=400)


def _keep(
    sent: UploadedFile[bytes], request: HttpRequest, folder: Folder | None, community: Community, staff: Staff
) -> None:
    name = sent.name or _("file")
    body = take_file(sent, name=name, size=sent.size or 0, unit=community.unit, by=staff)
    licence = request.POST.get("licence", "")
    about = About(
        name=name.rsplit(".", 1)[0][: Material.NAME_LENGTH] or name,
        folder=folder,
        licence=licence if licence in Material.Licence.values else "",
        source=request.POST.get("source", "")[: Material.SOURCE_LENGTH],
    )
    place = None if request.POST.get("shared") else community
    add_material(body, about=about, unit=community.unit, community=place, by=staff)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Put in a link, a card or words."""
    staff, community = writer_in(request, slug)
    first = {"folder": request.GET.get("folder", "")}
    form = TypedForm(request.POST or None, community=community, initial=first)
    made: list[Material] = []

    def act() -> None:
        place = None if form.cleaned_data["shared"] else community
        made.append(add_material(form.body(), about=form.about(), unit=community.unit, community=place, by=staff))

    if request.method == "POST" and form.is_valid() and went_well(form, act):
        messages.success(request, _("It is in the library."))
        return redirect("material", slug=slug, pk=made[0].pk)
    context = {"community": community, "form": form}
    return render(request, "console/materials/new.html", context, status=400 if form.errors else 200)
