"""One word list: its words, putting many in, changing one, taking some off and back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return, ids_in
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import staff_of, went_well
from qunying.doors.console.plan.compliance.forms import ListForm, WordForm
from qunying.doors.console.plan.compliance.lists import check_may_export
from qunying.doors.console.zones import zone_of
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.kit.errors import QunyingError
from qunying.kit.formats import sentences
from qunying.kit.uploaded import LARGEST
from qunying.plan.compliance.queries import get_list_for, get_word_for, words_of
from qunying.plan.compliance.reading import Given, exceptions_in, words_in_file, words_in_text
from qunying.plan.compliance.rules import may_keep_lists
from qunying.plan.compliance.services import change_list, check_may_keep, remove_list
from qunying.plan.compliance.services_words import Added, add_words, edit_word, remove_words, restore_words

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.plan.compliance.models import Word, WordList

_PAGE = 100
_UNDO = "words_undo"

WORDS: Listing[Word] = Listing(
    "words",
    gettext_lazy("Words"),
    (
        Column("word", gettext_lazy("Word"), lambda row: row.word, order="folded"),
        Column("why", gettext_lazy("Why"), lambda row: row.why, order="reason"),
        Column("instead", gettext_lazy("Write instead"), lambda row: row.instead, order="instead"),
        Column("exceptions", gettext_lazy("Exceptions"), lambda row: "；".join(row.exceptions)),
        Column("added", gettext_lazy("Added"), lambda row: row.added_at, order="added_at", shown=False),
    ),
    default="word",
)


def _found(request: HttpRequest, words: WordList) -> QuerySet[Word]:
    return WORDS.sort(words_of(words, holding=request.GET.get("q", "").strip()), request.GET)


@require_GET
@login_required
def word_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a list."""
    staff = staff_of(request)
    words = get_list_for(staff, pk)
    last = request.session.get(_UNDO) if "undo" in request.GET else None
    context = {
        "list": words,
        "page": Paginator(_found(request, words), _PAGE).get_page(request.GET.get("page")),
        "wanted": request.GET,
        "keeps": may_keep_lists(staff, words.unit),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "undo": last["words"] if last and last["list"] == pk else "",
        **WORDS.table(request.GET),
    }
    return render(request, "console/compliance/one.html", context)


@require_GET
@login_required
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The words as a file that can be brought back in."""
    staff = staff_of(request)
    words = get_list_for(staff, pk)
    check_may_export(staff)
    found = _found(request, words)
    return WORDS.export(request, found.iterator(), count=found.count(), zone=zone_of(staff), by=staff, of=words.label)


def _to_keep(request: HttpRequest, pk: int) -> tuple[Staff, WordList]:
    """This person and the list, which they may change; 404 or 403 else."""
    staff = staff_of(request)
    words = get_list_for(staff, pk)
    check_may_keep(staff, words.unit)
    return staff, words


@require_http_methods(["GET", "POST"])
@login_required
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put many words on a list, pasted or from a file; what was left out is told row by row."""
    staff, words = _to_keep(request, pk)
    context: dict[str, object] = {"list": words, "text": request.POST.get("text", "")}
    if request.method == "POST":
        try:
            result = add_words(words, given=_brought(request), by=staff)
        except QunyingError as refused:
            return render(request, "console/compliance/add.html", context | {"refusal": str(refused)}, status=400)
        messages.success(request, _came(result))
        if not result.rejected:
            return redirect("word_list", pk)
        context |= {"result": result, "text": ""}
    return render(request, "console/compliance/add.html", context)


def _brought(request: HttpRequest) -> list[Given]:
    given = _read(request)
    if not given:
        raise QunyingError(_("There is no word in it. Paste some, or choose a file."))
    return given


def _read(request: HttpRequest) -> list[Given]:
    upload = request.FILES.get("file")
    if upload is None:
        return words_in_text(request.POST.get("text", ""))
    if (upload.size or 0) > LARGEST:
        raise QunyingError(_("The file is larger than 5 MB. Divide it."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words"
        path.write_bytes(upload.read())
        return words_in_file(path, name=upload.name or "")


def _came(result: Added) -> str:
    words = ngettext("%(count)d word is new on the list.", "%(count)d words are new on the list.", result.added)
    parts = [words % {"count": result.added}]
    if result.changed:
        words = ngettext("%(count)d was changed.", "%(count)d were changed.", result.changed)
        parts.append(words % {"count": result.changed})
    if result.same:
        parts.append(_("%(count)d stood there so.") % {"count": result.same})
    return sentences(parts)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name, the kind and what follows."""
    staff, words = _to_keep(request, pk)
    stands = {"name": words.label, "kind": words.kind, "severity": words.severity}
    form = ListForm(request.POST or None, initial=stands)
    if form.is_valid() and went_well(form, lambda: change_list(words, **form.cleaned_data, by=staff)):
        messages.success(request, _("The changes are saved."))
        return redirect("word_list", pk)
    context = {"form": form, "list": words}
    return render(request, "console/compliance/edit.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a list and its words."""
    staff, words = _to_keep(request, pk)

    def act() -> None:
        if request.POST.get("typed", "").strip() != words.label:
            raise QunyingError(_("The name that was typed is another one. Nothing was removed."))
        remove_list(words, by=staff)

    back, refused = reverse("word_lists"), reverse("word_list_edit", args=[pk])
    return act_and_return(request, act, done=_("The list is removed."), back=back, refused=refused)


@require_POST
@login_required
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the chosen words off the list; a toast offers to put them back."""
    staff, words = _to_keep(request, pk)
    query = QueryDict(request.POST.get("filters", "").lstrip("?"), mutable=True)
    query.pop("undo", None)
    gone = remove_words(words, ids=ids_in(request.POST), by=staff)
    if gone:
        said = ngettext("%(count)d word is off the list.", "%(count)d words are off the list.", len(gone))
        messages.success(request, said % {"count": len(gone)})
        request.session[_UNDO] = {"list": pk, "ids": gone, "words": said % {"count": len(gone)}}
        query["undo"] = "1"
    else:
        messages.error(request, _("No word is chosen. Tick the boxes of those you mean."))
    address = reverse("word_list", args=[pk])
    return redirect(f"{address}?{query.urlencode()}" if query else address)


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what was taken off last."""
    staff, words = _to_keep(request, pk)
    last = request.session.pop(_UNDO, None)

    def act() -> None:
        if last is None or last["list"] != pk:
            raise QunyingError(_("There is nothing left to take back."))
        restore_words(words, ids=last["ids"], by=staff)

    done = _("The change is taken back.")
    return act_and_return(request, act, done=done, back=reverse("word_list", args=[pk]))


@require_http_methods(["GET", "POST"])
@login_required
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one word."""
    staff = staff_of(request)
    found = get_word_for(staff, pk)
    words = found.word_list
    check_may_keep(staff, words.unit)
    stands = {"word": found.word, "reason": found.why, "instead": found.instead}
    form = WordForm(request.POST or None, initial=stands | {"exceptions": "\n".join(found.exceptions)})
    if form.is_valid() and went_well(form, lambda: edit_word(found, given=_given(form), by=staff)):
        messages.success(request, _("The changes are saved."))
        return redirect("word_list", words.pk)
    context = {"form": form, "list": words, "word": found}
    return render(request, "console/compliance/word.html", context, status=400 if form.errors else 200)


def _given(form: WordForm) -> Given:
    said = form.cleaned_data
    return Given(1, said["word"], said["reason"], said["instead"], exceptions_in(said["exceptions"]))
