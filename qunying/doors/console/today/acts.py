"""Doing something about work: new, done, taken back, changed, dropped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import staff_of, went_well
from qunying.doors.console.today.forms import ChangeForm, WorkForm
from qunying.doors.console.today.lists import todo_context
from qunying.doors.console.zones import zone_of
from qunying.ground.access.models import Staff
from qunying.ground.access.roles import ROLES, Permission
from qunying.ground.groups.queries import communities_for
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.plan.schedule.queries import get_work_for, missed_times, people_for, unit_of
from qunying.plan.schedule.rules import may_finish, may_hand_out
from qunying.plan.schedule.services import (
    add_work,
    drop_work,
    finish_work,
    hand_over_work,
    put_off_work,
    reopen_work,
    skip_missed,
    take_up_skipped,
)
from qunying.plan.schedule.todo import origin_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.groups.models import Community
    from qunying.plan.schedule.models import WorkItem


@require_http_methods(["GET", "POST"])
@login_required
def new_work(request: HttpRequest) -> HttpResponse:
    """Add work in a community where this person may hand it out."""
    staff = staff_of(request)
    places = communities_for(staff, Permission.WORK).order_by("name")
    if not places.exists():
        raise NotAllowedError(_("Your roles do not include handing out work. Ask the lead of the unit."))
    first = {"due": timezone.localdate(timezone=zone_of(staff)), "owner": staff.pk}
    form = WorkForm(request.POST or None, communities=places, people=_people(places, staff), initial=first)
    if form.is_valid():
        given = dict(form.cleaned_data)
        title, place = given.pop("title"), given.pop("community")
        if went_well(form, lambda: add_work(title, place=place, by=staff, **given)):
            messages.success(request, _("“%(title)s” is on the list.") % {"title": title})
            return redirect("today")
    return render(request, "console/today/new.html", {"form": form}, status=400 if form.errors else 200)


def _people(places: QuerySet[Community], staff: Staff) -> QuerySet[Staff]:
    """Colleagues of any of these places; whether one fits the place that is chosen, the verb judges."""
    found = Staff.objects.filter(pk=staff.pk)
    for place in places[:20]:
        found |= people_for(place.unit)
    return found.distinct().order_by("name")


@require_http_methods(["GET", "POST"])
@login_required
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of work: what it came from, who has it, until when."""
    staff = staff_of(request)
    found = get_work_for(staff, pk)
    handing = may_hand_out(staff, unit_of(found))
    form = ChangeForm(
        request.POST or None, people=people_for(unit_of(found)), initial={"owner": found.owner_id, "due": found.due}
    )
    if request.method == "POST":
        if not handing:
            raise NotAllowedError(_("Your roles do not include handing out work. Ask the lead of the unit."))
        if form.is_valid() and went_well(form, lambda: _change(found, form, staff)):
            messages.success(request, _("The changes are saved."))
            return redirect("work", pk=pk)
    page = origin_page(found.origin_app)
    context = {
        "work": found,
        "form": form,
        "handing": handing,
        "finishing": may_finish(staff, found),
        "missed": missed_times(found).count() if found.is_open else 0,
        "origin": reverse(page, args=[found.origin_id]) if page and found.origin_id else "",
        "role": ROLES[found.owner_role][0] if found.owner_role in ROLES else "",
        "place": found.community.name if found.community else unit_of(found).name,
        "zone": zone_of(staff),
    }
    return render(request, "console/today/work.html", context, status=400 if form.errors else 200)


@transaction.atomic
def _change(work: WorkItem, form: ChangeForm, staff: Staff) -> None:
    hand_over_work(work, owner=form.cleaned_data["owner"], by=staff)
    put_off_work(work, due=form.cleaned_data["due"], by=staff)


@require_POST
@login_required
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick it off, with a note if there is one; the toast takes it back within ten seconds."""
    staff, note = staff_of(request), request.POST.get("note", "")
    found = _finishable(staff, pk)
    words = _("Done: %(title)s") % {"title": found.name}
    return _answer(request, found, lambda: finish_work(found, by=staff, note=note), words, undo="work_reopen")


@require_POST
@login_required
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Skip its earlier times that nobody did, with a note if there is one; the toast takes it back."""
    staff, note = staff_of(request), request.POST.get("note", "")
    found = _finishable(staff, pk)
    many = missed_times(found).count()
    words = ngettext("%(many)s missed time skipped: %(title)s", "%(many)s missed times skipped: %(title)s", many)
    words %= {"many": many, "title": found.name}
    return _answer(request, found, lambda: skip_missed(found, by=staff, note=note), words, undo="work_unskip")


@require_POST
@login_required
def unskip(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what was skipped last."""
    staff = staff_of(request)
    found = _finishable(staff, pk)
    words = _("Open again: %(title)s") % {"title": found.name}
    return _answer(request, found, lambda: take_up_skipped(found, by=staff), words)


@require_POST
@login_required
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it up again."""
    staff = staff_of(request)
    found = _finishable(staff, pk)
    words = _("Open again: %(title)s") % {"title": found.name}
    return _answer(request, found, lambda: reopen_work(found, by=staff), words)


@require_POST
@login_required
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it off the list though it was not done."""
    staff = staff_of(request)
    found = get_work_for(staff, pk)
    if not may_hand_out(staff, unit_of(found)):
        raise NotAllowedError(_("Your roles do not include handing out work. Ask the lead of the unit."))
    words = _("Dropped: %(title)s") % {"title": found.name}
    return act_and_return(request, lambda: drop_work(found, by=staff), done=words, back=reverse("work", args=[pk]))


def _finishable(staff: Staff, pk: int) -> WorkItem:
    found = get_work_for(staff, pk)
    if not may_finish(staff, found):
        raise NotAllowedError(_("This is somebody else's work. Ask them, or the lead of the unit."))
    return found


def _answer(
    request: HttpRequest, work: WorkItem, act: Callable[[], object], words: str, *, undo: str = ""
) -> HttpResponse:
    """The list anew and a toast where htmx asked; else back to where the person came from."""
    tab = request.POST.get("tab", "")
    if request.headers.get("HX-Request") != "true":
        back = request.POST.get("back") or f"{reverse('today')}?tab={tab}"
        return act_and_return(request, act, done=words, back=back if back.startswith("/work/") else reverse("today"))
    told = {"words": words}
    try:
        act()
    except QunyingError as refused:
        told["words"] = str(refused)
    else:
        told |= {"undo": _("Undo"), "address": reverse(undo, args=[work.pk]), "tab": tab} if undo else {}
    response = render(request, "console/today/todos.html", todo_context(staff_of(request), tab))
    response["HX-Trigger"] = json.dumps({"qunying:told": told})
    return response
