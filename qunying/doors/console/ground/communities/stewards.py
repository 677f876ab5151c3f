"""Who answers for a community, and what its members are: shown on its page and on theirs, changed by buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.models import Staff
from qunying.ground.access.queries import permissions_in
from qunying.ground.access.roles import Permission
from qunying.ground.events.services_roles import give_role
from qunying.ground.groups.models import Community, Membership, Recognition, Stewardship
from qunying.ground.groups.queries import communities_for, get_community_for, get_member_for
from qunying.ground.groups.services_stewards import (
    appoint_steward,
    dismiss_steward,
    recognise_member,
    withdraw_recognition,
)
from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from qunying.ground.members.models import Member

LEVELS: dict[int, _StrPromise] = {
    Stewardship.Level.LEADER: pgettext_lazy("steward", "Leader"),
    Stewardship.Level.DEPUTY: pgettext_lazy("steward", "Deputy"),
    Stewardship.Level.SPECIALIST: pgettext_lazy("steward", "Specialist"),
}
ROLES: dict[str, _StrPromise] = {
    "owner": pgettext_lazy("role", "Owner"),
    "admin": pgettext_lazy("role", "Admin"),
    "active": pgettext_lazy("role", "Active member"),
    "member": pgettext_lazy("role", "Ordinary member"),
}
KNOWN_FOR: dict[str, _StrPromise] = {
    "leader": pgettext_lazy("role", "Opinion leader"),
    "producer": pgettext_lazy("role", "Content producer"),
}


def stewards_of(community: Community) -> list[tuple[_StrPromise, list[Stewardship]]]:
    """The three levels with who has them now."""
    found: dict[int, list[Stewardship]] = {level: [] for level in LEVELS}
    for row in community.stewardships.filter(ended_at__isnull=True).select_related("staff", "member"):
        found[row.level].append(row)
    return [(label, found[level]) for level, label in LEVELS.items()]


def colleagues_of(community: Community) -> list[Staff]:
    """Active people whose roles reach the community."""
    above = [int(part) for part in community.unit.path.split("/") if part]
    return list(Staff.objects.filter(is_active=True, grants__unit__in=above).distinct().order_by("name", "pk"))


def parts_of(person: Member, communities: list[Community], *, staff: Staff) -> dict[str, Any]:
    """What the page of one member shows: charges and recognitions, and what this colleague may change."""
    ids = [row.pk for row in communities]
    editable = {row.pk for row in communities_for(staff, Permission.EDIT_MEMBERS) if row.pk in ids}
    known = person.recognitions.filter(community__in=ids).select_related("community", "by")
    charges = person.stewardships.filter(community__in=ids).select_related("community")
    return {
        "recognitions": [(row, KNOWN_FOR[row.kind], row.community_id in editable) for row in known],
        "charges": [(row, LEVELS[row.level]) for row in charges],
        "known_for": list(KNOWN_FOR.items()),
        "roles": list(ROLES.items()),
        "role_words": ROLES,
        "places": [row for row in communities if row.pk in editable],
    }


def _charged(request: HttpRequest, slug: str) -> tuple[Staff, Community]:
    staff = staff_of(request)
    community = get_community_for(staff, slug)
    refusal = _("Your role may not change communities. Ask the lead of the unit.")
    check_may(staff, Permission.EDIT_COMMUNITIES, community.unit, refusal=refusal)
    return staff, community


@require_POST
@login_required
def appoint(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a colleague, or a member found by name, in charge."""
    staff, community = _charged(request, slug)
    level = to_id(request.POST.get("level", "")) or 0

    def act() -> None:
        appoint_steward(community, level=level, person=_person(request, community), by=staff)

    return act_and_return(request, act, done=_("The charge is given."), back=reverse("groups", args=[slug]))


def _person(request: HttpRequest, community: Community) -> Staff | Member:
    chosen, words = request.POST.get("staff", ""), request.POST.get("member", "").strip()
    if words:
        return _member_named(words, community)
    colleague = next((one for one in colleagues_of(community) if str(one.pk) == chosen), None)
    if colleague is None:
        raise QunyingError(_("Choose a colleague, or write the name of a member."))
    return colleague


def _member_named(words: str, community: Community) -> Member:
    inside = Membership.objects.filter(community=community, left_at__isnull=True).select_related("identity__member")
    found = {row.identity.member for row in inside.filter(identity__member__display_name=words)[:50]}
    if len(found) != 1:
        text = (
            _("Several members are called “%(name)s”. Appoint the right one on their own page.")
            if found
            else _("No member who is there now is called “%(name)s”. Write the whole name.")
        )
        raise QunyingError(text % {"name": words})
    return found.pop()


@require_POST
@login_required
def dismiss(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Relieve someone of a charge."""
    staff, community = _charged(request, slug)
    found = get_object_or_404(Stewardship, pk=pk, community=community)
    done = _("The charge has ended.")
    back = reverse("groups", args=[slug])
    return act_and_return(request, lambda: dismiss_steward(found, by=staff), done=done, back=back)


def _with_member(request: HttpRequest, pk: int, community: Community) -> tuple[Staff, Member]:
    """A member of a community whose members this colleague may change."""
    staff = staff_of(request)
    person = get_member_for(staff, pk)
    if Permission.SEE_MEMBERS not in permissions_in(staff, community.unit):
        raise NotFoundError(_("There is no such community that you may open."))
    refusal = _("Your role may not change members. Ask the lead of the unit.")
    check_may(staff, Permission.EDIT_MEMBERS, community.unit, refusal=refusal)
    return staff, person


def _and_back(request: HttpRequest, pk: int, act: Callable[[], object], done: str) -> HttpResponse:
    return act_and_return(request, act, done=done, back=reverse("member", args=[pk]))


@require_POST
@login_required
def recognise(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Confirm what a member is known for in a community."""
    community = get_object_or_404(Community.objects.select_related("unit"), slug=slug)
    staff, person = _with_member(request, pk, community)
    kind = request.POST.get("kind", "")
    act = lambda: recognise_member(person, community=community, kind=kind, by=staff)  # noqa: E731 - two words of code
    return _and_back(request, pk, act, _("Confirmed."))


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int, recognition_pk: int) -> HttpResponse:
    """It is so no longer."""
    found = get_object_or_404(Recognition.objects.select_related("community__unit"), pk=recognition_pk, member=pk)
    staff, _person_found = _with_member(request, pk, found.community)
    return _and_back(request, pk, lambda: withdraw_recognition(found, by=staff), _("It is so no longer."))


@require_POST
@login_required
def role(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Give another part in a group."""
    found = get_object_or_404(
        Membership.objects.select_related("community__unit", "identity"), pk=membership_pk, identity__member=pk
    )
    staff, _person_found = _with_member(request, pk, found.community)
    wanted = request.POST.get("role", "")
    done = _("The part is given; the log remembers since when.")
    return _and_back(request, pk, lambda: give_role(found, role=wanted, by=staff), done)
