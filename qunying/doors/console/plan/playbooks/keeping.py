"""Playbooks of one's own: taken off the shelf and put back, their versions; what stands kept and taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may, staff_of
from qunying.doors.console.plan.playbooks.views import yaml_file
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.plan.playbooks.own import get_book_for
from qunying.plan.playbooks.services_shelf import keep_export, remove_book, restore_book

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_REFUSAL = gettext_lazy("Your role does not change plans here. Ask the lead of the unit.")


@require_safe
@login_required
def version(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """The exact text of a version."""
    book = get_book_for(staff_of(request), name)
    row = book.versions.filter(version=number).first()
    if row is None:
        raise NotFoundError(_("There is no version %(version)s of “%(name)s”.") % {"version": number, "name": name})
    return yaml_file(row.text, f"{name}-{number}")


@require_POST
@login_required
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Take a book off its shelf; the toast puts it back."""
    staff = staff_of(request)
    book = get_book_for(staff, name)
    check_may(staff, Permission.EDIT_PLAN, book.unit, refusal=str(_REFUSAL))
    try:
        remove_book(book, by=staff)
    except QunyingError as refused:
        messages.error(request, str(refused))
        return redirect("playbook", name)
    return redirect(f"{reverse('playbooks')}?removed={name}")


@require_POST
@login_required
def restore(request: HttpRequest, name: str) -> HttpResponse:
    """Put a book back on its shelf."""
    staff = staff_of(request)
    book = get_book_for(staff, name, removed=True)
    check_may(staff, Permission.EDIT_PLAN, book.unit, refusal=str(_REFUSAL))
    done = _("“%(name)s” is back on the shelf.") % {"name": name}
    return act_and_return(request, lambda: restore_book(book, by=staff), done=done, back=reverse("playbooks"))


@require_POST
@login_required
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what stands in the community on the shelf of its unit, and take it along as a file."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    check_may(staff, Permission.EDIT_PLAN, community.unit, refusal=str(_REFUSAL))
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    try:
        row = keep_export(community, today=today, by=staff)
    except QunyingError as refused:
        messages.error(request, str(refused))
        return redirect("community_playbooks", slug)
    words = _("Version %(version)s of “%(name)s” is on the shelf of %(unit)s.")
    messages.success(request, words % {"version": row.version, "name": row.book.name, "unit": row.book.unit.name})
    return yaml_file(row.text, row.book.name)
