"""What the page of one member can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qunying.doors.console.people import asked_again, staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_member_for
from qunying.ground.groups.rules import check_may_with_member
from qunying.ground.members.models import Tag
from qunying.ground.members.private import private_kind
from qunying.ground.members.services_people import Mark, mark_members, rename_member, write_note
from qunying.ground.members.services_private import clear_private_field, set_private_field, unmask_private_field
from qunying.ground.members.services_tags import tag_members, untag_members
from qunying.ground.privacy.queries import erasure_of
from qunying.kit.errors import NotAllowedError, NotFoundError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member


def _editable(request: HttpRequest, pk: int) -> tuple[Staff, Member]:
    staff = staff_of(request)
    person = get_member_for(staff, pk)
    check_may_with_member(staff, Permission.EDIT_MEMBERS, person)
    if erasure_of(person) is not None:
        raise NotAllowedError(_("This person was erased; nothing more may be written about them."))
    return staff, person


def _and_back(request: HttpRequest, person: Member, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it, say so or say why not, and show the person again."""
    try:
        act()
    except (NotFoundError, NotAllowedError):
        raise
    except QunyingError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("member", pk=person.pk)


@require_POST
@login_required
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person another display name."""
    staff, person = _editable(request, pk)
    name = request.POST.get("name", "")
    return _and_back(request, person, lambda: rename_member(person, name=name, by=staff), _("The name is changed."))


@require_POST
@login_required
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as staff or bot, or take the mark away; figures follow at once."""
    staff, person = _editable(request, pk)
    kind = Mark.BOT if request.POST.get("mark") == Mark.BOT else Mark.STAFF
    on = request.POST.get("on") == "1"
    done = (
        _("Marked; every figure leaves this person out.")
        if on
        else _("The mark is gone; figures count this person again.")
    )
    return _and_back(request, person, lambda: mark_members([pk], mark=kind, on=on, by=staff), done)


@require_POST
@login_required
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person a tag, made if there is none."""
    staff, person = _editable(request, pk)
    dimension, name = request.POST.get("dimension", ""), request.POST.get("tag_name", "")

    def give() -> object:
        return tag_members([pk], dimension=dimension, name=name, by=staff)

    return _and_back(request, person, give, _("The tag is given."))


@require_POST
@login_required
def untag(request: HttpRequest, pk: int, tag_pk: int) -> HttpResponse:
    """Take a tag away."""
    staff, person = _editable(request, pk)
    found = get_object_or_404(Tag, pk=tag_pk)
    return _and_back(request, person, lambda: untag_members([pk], tag=found, by=staff), _("The tag is taken away."))


@require_POST
@login_required
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note."""
    staff, person = _editable(request, pk)
    text = request.POST.get("text", "")
    return _and_back(request, person, lambda: write_note(person, text=text, by=staff), _("The note is kept."))


@require_POST
@login_required
def set_private(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in a private field."""
    staff, person = _editable(request, pk)
    name, value = request.POST.get("field", ""), request.POST.get("value", "")
    done = _("The field is kept, encrypted.")
    return _and_back(request, person, lambda: set_private_field(person, name=name, value=value, by=staff), done)


@require_POST
@login_required
def clear_private(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Empty a private field."""
    staff, person = _editable(request, pk)
    return _and_back(
        request, person, lambda: clear_private_field(person, name=name, by=staff), _("The field is empty now.")
    )


@never_cache
@require_POST
@login_required
def unmask(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Show one private field unmasked, once, and write down who looked; part of a page.

    Asks for the password or the second step where neither was given just now: screens stand open.
    """
    staff = staff_of(request)
    person = get_member_for(staff, pk)
    check_may_with_member(staff, Permission.UNMASK, person)
    if question := asked_again(request, back=reverse("member", args=[pk])):
        return question
    value = unmask_private_field(person, name=name, by=staff)
    return render(request, "console/members/unmasked.html", {"value": value, "label": private_kind(name).label})
