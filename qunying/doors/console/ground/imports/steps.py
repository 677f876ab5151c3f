"""The steps before an import: files, format, columns, trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qunying.doors.console.ground.imports.drafts import Draft, draft_of, files_of_draft, new_draft, save_draft
from qunying.doors.console.ground.imports.forms import (
    column_lines,
    columns_from,
    options_from,
    settings_of,
    tags_from,
    unknown_lines,
)
from qunying.doors.console.people import staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.files.services import store_file
from qunying.ground.groups.queries import get_community_for
from qunying.ground.imports.detect import Preview, preview
from qunying.ground.imports.importers import Importer, all_importers, importer_named
from qunying.ground.imports.queries import mappings_for
from qunying.ground.imports.services import save_mapping, start_import
from qunying.ground.imports.services_unfolding import unfold
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.files.models import StoredFile
    from qunying.ground.groups.models import Community

_NEAREST = 3


def _entered(request: HttpRequest, slug: str) -> tuple[Staff, Community]:
    staff = staff_of(request)
    return staff, get_community_for(staff, slug, Permission.IMPORT)


@require_http_methods(["GET", "POST"])
@login_required
def upload(request: HttpRequest, slug: str, token: str = "") -> HttpResponse:
    """Step 1: bring files, several at once."""
    staff, community = _entered(request, slug)
    draft = draft_of(request, token, community) if token else Draft(community.pk)
    refusals: list[str] = []
    if request.method == "POST":
        if not token:
            token, draft = new_draft(request, community)
        refusals = _take_files(request, draft, staff=staff, community=community)
        save_draft(request, token, draft)
        if not refusals:
            return redirect("import_format", slug=slug, token=token)
    context = {
        "community": community,
        "token": token,
        "step": 1,
        "files": files_of_draft(draft, staff),
        "refusals": refusals,
        "formats": all_importers(),
    }
    return render(request, "console/imports/upload.html", context, status=400 if refusals else 200)


def _take_files(request: HttpRequest, draft: Draft, *, staff: Staff, community: Community) -> list[str]:
    """Keep the good files in the draft; why the others were refused."""
    refusals = []
    for sent in request.FILES.getlist("files"):
        try:
            stored = store_file(sent, name=sent.name or "", purpose="import", unit=community.unit, by=staff)
            brought = unfold([stored], by=staff)
        except QunyingError as refused:
            refusals.append(str(refused))
        else:
            draft.files += [one.pk for one in brought]
    if not draft.files and not refusals:
        refusals.append(_("No file came. Choose one, or drop it onto the field."))
    return refusals


@require_POST
@login_required
def drop_file(request: HttpRequest, slug: str, token: str, pk: int) -> HttpResponse:
    """Take one file out of the draft; what is stored stays for the audit."""
    _staff, community = _entered(request, slug)
    draft = draft_of(request, token, community)
    draft.files = [kept for kept in draft.files if kept != pk]
    save_draft(request, token, draft)
    return redirect("import_files", slug=slug, token=token)


@require_http_methods(["GET", "POST"])
@login_required
def recognised(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Step 2: what the files are, as far as their first rows tell."""
    staff, community = _entered(request, slug)
    draft = draft_of(request, token, community)
    files = files_of_draft(draft, staff)
    if not files:
        return redirect("import_files", slug=slug, token=token)
    asked = request.POST.get("format") or request.GET.get("format") or draft.format
    refusal = ""
    if request.method == "POST":
        refusal = _choose_format(request, draft, asked, files)
        save_draft(request, token, draft)
        if not refusal:
            return _after_format(request, draft, staff, community, token)
    context = {"community": community, "token": token, "step": 2, "draft": draft, "files": files}
    context |= _recognised(files, draft, asked) | {
        "refusal": refusal,
        "groups": list(community.groups.order_by("name")),
    }
    return render(request, "console/imports/format.html", context, status=400 if refusal else 200)


def _choose_format(request: HttpRequest, draft: Draft, asked: str, files: list[StoredFile]) -> str:
    """Keep the choice in the draft; why it cannot be, or ''."""
    try:
        importer = importer_named(asked)
        if asked != draft.format:
            draft.columns, draft.options = {}, {}
        kept = {name: value for name, value in draft.options.items() if name == importer.unknown_columns}
        draft.format, draft.group = asked, " ".join(request.POST.get("group", "").split())
        draft.options = kept | options_from(request.POST, importer)
        for stored in files:
            preview(stored, format=asked, options=draft.options)
    except QunyingError as refused:
        return str(refused)
    return ""


def _recognised(files: list[StoredFile], draft: Draft, asked: str) -> dict[str, Any]:
    """What the page of step 2 says of the first file, and of the others where they look different."""
    seen = _look(files[0], draft, asked)
    importer = importer_named(seen.format) if seen.format else None
    others = [_look(stored, draft, "") for stored in files[1:]]
    guessed = [guess.format for guess in seen.guesses[:_NEAREST]]
    labels = {importer.name: importer for importer in all_importers()}
    return {
        "seen": seen,
        "importer": importer,
        "nearest": [(labels[guess.format], round(guess.confidence * 100)) for guess in seen.guesses[:_NEAREST]],
        "rest": [one for name, one in labels.items() if name not in guessed],
        "different": [other.name for other in others if other.format != seen.format],
        "settings": settings_of(importer, draft) if importer else [],
    }


def _look(stored: StoredFile, draft: Draft, asked: str) -> Preview:
    """The preview with the draft's settings; without them where they stand in the way, so that they can be mended."""
    try:
        return preview(stored, format=asked, columns={}, options=draft.options)
    except QunyingError:
        return preview(stored, format=asked)


def _after_format(request: HttpRequest, draft: Draft, staff: Staff, community: Community, token: str) -> HttpResponse:
    if importer_named(draft.format).columns:
        return redirect("import_columns", slug=community.slug, token=token)
    return _try(request, draft, staff, community, token)


@require_http_methods(["GET", "POST"])
@login_required
def columns(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Step 3, for tables: which column of the file means what."""
    staff, community = _entered(request, slug)
    draft = draft_of(request, token, community)
    files = files_of_draft(draft, staff)
    if not files or not draft.format:
        return redirect("import_format", slug=slug, token=token)
    importer = importer_named(draft.format)
    if request.method == "POST":
        _map_columns(request, draft, importer, files[0])
        save_draft(request, token, draft)
        if _keep_mapping(request, draft, staff, community):
            return _try(request, draft, staff, community, token)
    else:
        _load_mapping(request, draft, community)
    return render(request, "console/imports/columns.html", _columns_page(community, token, draft, importer, files))


def _map_columns(request: HttpRequest, draft: Draft, importer: Importer, stored: StoredFile) -> None:
    draft.columns = columns_from(request.POST, importer)
    draft.options.pop(importer.unknown_columns, None)
    if importer.unknown_columns:
        seen = preview(stored, format=draft.format, columns=draft.columns, options=draft.options)
        if setting := tags_from(request.POST, seen):
            draft.options[importer.unknown_columns] = setting


def _keep_mapping(request: HttpRequest, draft: Draft, staff: Staff, community: Community) -> bool:
    """Save the mapping where a name was given; whether the steps can go on."""
    name = request.POST.get("save_as", "").strip()
    if not name:
        return True
    try:
        save_mapping(
            name, community=community, format=draft.format, columns=draft.columns, options=draft.options, by=staff
        )
    except QunyingError as refused:
        messages.error(request, str(refused))
        return False
    return True


def _load_mapping(request: HttpRequest, draft: Draft, community: Community) -> None:
    """Take over a saved mapping that the address names; it may not fit this file, and the page then says so."""
    asked = to_id(request.GET.get("mapping", ""))
    saved = mappings_for(community, format=draft.format).filter(pk=asked or 0).first()
    if saved is not None:
        draft.columns, draft.options = dict(saved.columns), draft.options | saved.options


def _columns_page(
    community: Community, token: str, draft: Draft, importer: Importer, files: list[StoredFile]
) -> dict[str, Any]:
    refusal = ""
    try:
        seen = preview(files[0], format=draft.format, columns=draft.columns, options=draft.options)
    except QunyingError as refused:
        refusal = str(refused)
        seen = preview(files[0], format=draft.format)
    return {
        "community": community,
        "token": token,
        "step": 3,
        "draft": draft,
        "importer": importer,
        "seen": seen,
        "refusal": refusal,
        "lines": column_lines(seen, importer),
        "unknown": unknown_lines(seen, draft.options.get(importer.unknown_columns, "")),
        "mappings": list(mappings_for(community, format=draft.format)),
    }


@require_POST
@login_required
def try_out(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Step 4 again, after something was mended."""
    staff, community = _entered(request, slug)
    return _try(request, draft_of(request, token, community), staff, community, token)


def _try(request: HttpRequest, draft: Draft, staff: Staff, community: Community, token: str) -> HttpResponse:
    """Start the dry run; where it cannot even start, back to the step that can mend it, with the reason."""
    try:
        run = start_import(
            files_of_draft(draft, staff),
            format=draft.format,
            community=community,
            group=draft.group,
            columns=draft.columns,
            options=draft.options,
            dry_run=True,
            by=staff,
        )
    except QunyingError as refused:
        messages.error(request, str(refused))
        page = "import_columns" if importer_named(draft.format).columns else "import_format"
        return redirect(page, slug=community.slug, token=token)
    draft.run = run.pk
    save_draft(request, token, draft)
    return redirect("import_run", pk=run.pk)
