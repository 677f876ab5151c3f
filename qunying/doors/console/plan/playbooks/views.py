"""The shelf of playbooks: list, one of them, the chooser, one's own text, and the step to a draft."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunying.doors.console.people import staff_of
from qunying.doors.console.plan.playbooks.document import document_of
from qunying.doors.console.plan.playbooks.kept import shelf_of
from qunying.doors.console.plan.playbooks.marking import marked_lines
from qunying.ground.access.queries import get_unit_for, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError
from qunying.kit.numerals import to_id
from qunying.plan.playbooks.chooser import QUESTIONS, recommend
from qunying.plan.playbooks.own import (
    books_for,
    get_book_for,
    get_playbook_for,
    lint_own,
    newest_of,
    playbook_of,
    read_own,
)
from qunying.plan.playbooks.services import draft_playbook
from qunying.plan.playbooks.services_shelf import put_playbook
from qunying.plan.playbooks.shelf import ORDER, all_playbooks, playbook_named

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.ground.access.models import Staff
    from qunying.plan.playbooks.models import Application
    from qunying.plan.playbooks.shelf import Playbook

_YAML = "application/yaml; charset=utf-8"
_LARGEST = 1_000_000


@require_safe
@login_required
def shelf(request: HttpRequest) -> HttpResponse:
    """Every playbook as a card."""
    check_sees_plans(staff_of(request))
    staff = staff_of(request)
    documents = [document_of(book.content) for book in all_playbooks()]
    own = [(book, document_of(newest_of(book).content)) for book in books_for(staff)]
    context = {"plans": documents[:5], "variants": documents[5:], "own": own, "removed": request.GET.get("removed", "")}
    return render(request, "console/playbooks/shelf.html", context)


@require_safe
@login_required
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One playbook as a document, with the step to a draft beside it."""
    staff = staff_of(request)
    check_sees_plans(staff)
    own = get_book_for(staff, name) if name not in ORDER else None
    book = playbook_of(newest_of(own)) if own else playbook_named(name)
    context = {"book": book, "document": document_of(book.content), **_places(staff)}
    if own is not None:
        context |= shelf_of(staff, own)
    return render(request, "console/playbooks/one.html", context)


@require_safe
@login_required
def file(request: HttpRequest, name: str) -> HttpResponse:
    """The text of a playbook, to keep or to change."""
    staff = staff_of(request)
    check_sees_plans(staff)
    return yaml_file(get_playbook_for(staff, name).text, name)


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Five questions, and what suits the answers that stand in the address."""
    check_sees_plans(staff_of(request))
    answers = {question.name: request.GET.get(question.name, "") for question in QUESTIONS}
    asked = [
        {
            "question": question,
            "given": answers[question.name],
            "missing": bool(request.GET) and not answers[question.name],
        }
        for question in QUESTIONS
    ]
    context: dict[str, object] = {"asked": asked, "choices": [], "refusal": ""}
    if request.GET:
        try:
            context["choices"] = [
                (choice, document_of(playbook_named(choice.name).content)) for choice in recommend(answers)
            ]
        except QunyingError as refused:
            context["refusal"] = str(refused)
    return render(request, "console/playbooks/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """A text of one's own: checked line by line, then drafted for a community."""
    staff = staff_of(request)
    check_sees_plans(staff)
    text, refusal = _given_text(request)
    linted = lint_own(text, by=staff) if text else None
    ready = linted is not None and not linted.faults
    if ready and request.POST.get("community"):
        return _draft(request, read_own(text, by=staff))
    if ready and request.POST.get("unit"):
        try:
            return _put(request, text)
        except QunyingError as refused:
            if isinstance(refused, (NotFoundError, NotAllowedError)):
                raise
            refusal = str(refused)
    context = {
        "text": text,
        "refusal": refusal,
        "faults": linted.faults if linted else [],
        "lines": marked_lines(text, linted.faults) if linted and linted.faults else [],
        "document": document_of(linted.content) if linted and ready else None,
        "units": list(units_for(staff, Permission.EDIT_PLAN).order_by("path")),
        "shipped": ready and linted is not None and linted.content["name"] in ORDER,
        **_places(staff),
    }
    return render(request, "console/playbooks/own.html", context)


@require_POST
@login_required
def draft(request: HttpRequest, name: str) -> HttpResponse:
    """Lay a playbook of the shelf before a community, and go to the review."""
    return _draft(request, get_playbook_for(staff_of(request), name))


def _draft(request: HttpRequest, book: Playbook) -> HttpResponse:
    staff = staff_of(request)
    community = get_community_for(staff, request.POST.get("community", ""), Permission.EDIT_PLAN)
    application: Application = draft_playbook(community, playbook=book, start=read_day(request.POST), by=staff)
    messages.success(request, _("Drafted. Nothing is made yet: look through it, then apply."))
    return redirect("application", community.slug, application.pk)


def _put(request: HttpRequest, text: str) -> HttpResponse:
    """Put a text on the shelf of the unit that was chosen."""
    staff, number = staff_of(request), request.POST["unit"]
    unit = get_unit_for(staff, to_id(number) or 0, Permission.EDIT_PLAN)
    row = put_playbook(text, unit=unit, by=staff)
    words = _("Version %(version)s of “%(name)s” is on the shelf of %(unit)s.")
    messages.success(request, words % {"version": row.version, "name": row.book.name, "unit": unit.name})
    return redirect("playbook", row.book.name)


def _given_text(request: HttpRequest) -> tuple[str, str]:
    """The text that was pasted or uploaded, and why a file could not be read."""
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("text", "").replace("\r\n", "\n"), ""
    if (upload.size or 0) > _LARGEST:
        return "", _("The file is larger than a playbook can be. Choose the YAML file of a playbook.")
    try:
        return upload.read().decode("utf-8-sig").replace("\r\n", "\n"), ""
    except UnicodeDecodeError:
        return "", _("The file is not written in UTF-8. Save it as UTF-8 and try again.")


def _places(staff: Staff) -> dict[str, object]:
    communities = list(communities_for(staff, Permission.EDIT_PLAN))
    return {"communities": communities, "today": timezone.localdate()}


def check_sees_plans(staff: Staff) -> None:
    """Raise NotAllowedError unless this person sees plans somewhere."""
    if not may_anywhere(staff, Permission.SEE_PLAN):
        raise NotAllowedError(_("Your role does not see plans. Ask the lead of the unit."))


def read_day(values: object) -> date:
    """The day a form gives as `start`; raises QunyingError where it is none."""
    text = str(values.get("start", "")) if hasattr(values, "get") else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QunyingError(_("“%(text)s” is not a day. Write it as 2026-03-02.") % {"text": text}) from None


def yaml_file(text: str, name: str) -> HttpResponse:
    """A YAML text as a download."""
    return HttpResponse(
        text, content_type=_YAML, headers={"Content-Disposition": f'attachment; filename="{name}.yaml"'}
    )
