"""The staff, and one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.organisation.bulk import undo_words
from qunying.doors.console.ground.organisation.forms import GrantForm, PersonForm
from qunying.doors.console.ground.organisation.rows import PEOPLE, filter_people, person_rows
from qunying.doors.console.lists import in_chunks
from qunying.doors.console.people import check_may_export, keeper_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.queries import (
    get_role,
    get_staff_for,
    locked_until,
    permissions_anywhere,
    permissions_in,
    roles_now,
    staff_for,
    units_for,
)
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere, may_manage
from qunying.ground.access.services import (
    activate_staff,
    change_password,
    create_staff,
    deactivate_staff,
    grant_role,
    rename_staff,
    reset_two_factor,
    revoke_role,
)
from qunying.ground.access.services_devices import end_sessions
from qunying.ground.access.services_locks import unlock_sign_in
from qunying.ground.audit.queries import search_acts
from qunying.ground.units.queries import in_tree_order
from qunying.kit.errors import NotFoundError, QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.roles import RoleNow

_PAGE = 50
_ACTS = 15


@require_GET
@login_required
def staff_list(request: HttpRequest) -> HttpResponse:
    """The people of this person's units, with their roles."""
    staff = keeper_of(request)
    page = Paginator(_found(request, staff), _PAGE).get_page(request.GET.get("page"))
    known = list(roles_now().values())
    context = {
        "page": page,
        "rows": person_rows(page),
        "roles": [(role.name, role.label) for role in known],
        "units": in_tree_order(units_for(staff, Permission.EDIT_STAFF)),
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "role", "unit", "standing")),
        "offered": [role.name for role in offered_roles(staff, known)],
        "undo": undo_words(request),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "zone": zone_of(staff),
        **PEOPLE.table(request.GET),
    }
    return render(request, "console/organisation/staff.html", context)


def _found(request: HttpRequest, staff: Staff) -> QuerySet[Staff]:
    asked = request.GET
    found = filter_people(
        staff_for(staff),
        words=asked.get("q", "").strip(),
        role=asked.get("role", ""),
        unit=asked.get("unit", ""),
        standing=asked.get("standing", ""),
    )
    return PEOPLE.sort(found, asked)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered and sorted, as a file for a spreadsheet."""
    staff = keeper_of(request)
    check_may_export(staff)
    found = _found(request, staff)
    return PEOPLE.export(request, in_chunks(found, person_rows), count=found.count(), zone=zone_of(staff), by=staff)


@require_http_methods(["GET", "POST"])
@login_required
def new_person(request: HttpRequest) -> HttpResponse:
    """Add a person with their first role."""
    staff = keeper_of(request)
    form = PersonForm(
        request.POST or None,
        units=units_for(staff, Permission.EDIT_STAFF),
        roles=offered_roles(staff, roles_now().values()),
    )
    made: list[Staff] = []
    if form.is_valid() and went_well(form, lambda: made.append(_hire(form, staff))):
        return redirect("person", pk=made[0].pk)
    return render(request, "console/organisation/staff_new.html", {"form": form}, status=400 if form.errors else 200)


def offered_roles(staff: Staff, known: Iterable[RoleNow]) -> list[RoleNow]:
    """Roles that could be given somewhere; the verb itself looks at the unit."""
    held = permissions_anywhere(staff)
    return [role for role in known if role.permissions <= held]


@transaction.atomic
def _hire(form: PersonForm, staff: Staff) -> Staff:
    wanted = form.cleaned_data
    person = create_staff(
        wanted["username"],
        name=wanted["name"],
        email=wanted["email"],
        password=wanted["password"],
        language=staff.language,
        by=staff,
    )
    grant_role(person, role=wanted["role"], unit=wanted["unit"], by=staff)
    return person


@require_GET
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: who they are, what they did lately, what may be done."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    sees_acts = may_anywhere(staff, Permission.SEE_AUDIT)
    grants = found.grants.select_related("unit").order_by("unit__path", "role")
    context = {
        "person": found,
        "grants": _takable(staff, grants),
        "second_step": is_mfa_enabled(found),
        "may_manage": staff == found or may_manage(staff, found),
        "own": staff == found,
        "locked_until": locked_until(found),
        "sessions": UserSession.objects.filter(user=found).count(),
        "grant_form": GrantForm(
            units=units_for(staff, Permission.EDIT_STAFF), roles=offered_roles(staff, roles_now().values())
        ),
        "sees_acts": sees_acts,
        "acts": search_acts(actor=found.actor_key)[:_ACTS] if sees_acts else [],
        "zone": zone_of(staff),
    }
    return render(request, "console/organisation/person.html", context)


def _takable(staff: Staff, grants: Iterable[Grant]) -> list[tuple[Grant, bool]]:
    """Each grant, and whether the viewer could give that role there: then they may take it back, too."""
    roles = roles_now()
    marked = []
    for grant in grants:
        held = permissions_in(staff, grant.unit)
        known = roles.get(grant.role)
        marked.append((grant, known is not None and Permission.EDIT_STAFF in held and known.permissions <= held))
    return marked


@require_POST
@login_required
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name and e-mail address."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    name, email = request.POST.get("name", ""), request.POST.get("email", "")
    return act_and_return(
        request,
        lambda: rename_staff(found, name=name, email=email, by=staff),
        done=_("The changes are saved."),
        back=reverse("person", args=[pk]),
    )


@require_POST
@login_required
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """Set another password for somebody who forgot theirs; for one's own there is the profile."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    if found == staff:
        return redirect("account_change_password")
    return act_and_return(
        request,
        lambda: change_password(found, password=request.POST.get("password", ""), by=staff),
        done=_("%(name)s has a new password and is signed out everywhere. Tell it to them yourself.")
        % {"name": found.name},
        back=reverse("person", args=[pk]),
    )


@require_POST
@login_required
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a person's account, or open it again."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    if request.POST.get("open") == "1":
        verb, done = activate_staff, _("%(name)s may sign in again.")
    else:
        verb, done = deactivate_staff, _("%(name)s is signed out and may no longer sign in.")
    done %= {"name": found.name}
    return act_and_return(request, lambda: verb(found, by=staff), done=done, back=reverse("person", args=[pk]))


@require_POST
@login_required
def second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second step off for somebody who lost their telephone; one's own is in the profile."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    if found == staff:
        return redirect("mfa_index")
    return act_and_return(
        request,
        lambda: reset_two_factor(found, by=staff),
        done=_("%(name)s now signs in with the password alone, and can set up a new second step.")
        % {"name": found.name},
        back=reverse("person", args=[pk]),
    )


@require_POST
@login_required
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account again that too many failures closed."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    return act_and_return(
        request,
        lambda: unlock_sign_in(found, by=staff),
        done=_("%(name)s can try to sign in again at once.") % {"name": found.name},
        back=reverse("person", args=[pk]),
    )


@require_POST
@login_required
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End every session of somebody, for a telephone left on a train."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    if found == staff:
        return redirect("sessions")
    return act_and_return(
        request,
        lambda: end_sessions(found, by=staff),
        done=_("%(name)s is signed out everywhere.") % {"name": found.name},
        back=reverse("person", args=[pk]),
    )


@require_POST
@login_required
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role in a unit."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    form = GrantForm(
        request.POST, units=units_for(staff, Permission.EDIT_STAFF), roles=offered_roles(staff, roles_now().values())
    )
    if not form.is_valid():
        raise QunyingError(_("Choose a role and a unit."))
    role, unit = form.cleaned_data["role"], form.cleaned_data["unit"]
    return act_and_return(
        request,
        lambda: grant_role(found, role=role, unit=unit, by=staff),
        done=_("%(name)s is now %(role)s in “%(unit)s”.")
        % {"name": found.name, "role": get_role(role).label, "unit": unit.name},
        back=reverse("person", args=[pk]),
    )


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    """Take a role back; without any role left, only those at the top still see the person."""
    staff = keeper_of(request)
    found = get_staff_for(staff, pk)
    held = Grant.objects.filter(pk=grant_pk, staff=found).select_related("unit").first()
    if held is None:
        raise NotFoundError(_("%(name)s does not hold this role any more.") % {"name": found.name})
    answer = act_and_return(
        request,
        lambda: revoke_role(found, role=held.role, unit=held.unit, by=staff),
        done=_("The role is taken back."),
        back=reverse("person", args=[pk]),
    )
    return answer if staff_for(staff).filter(pk=pk).exists() else redirect("staff")
