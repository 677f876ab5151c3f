"""The roles: who may do what as a matrix, and one role to change, copy or put back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_fresh, staff_of
from qunying.ground.access.models import Grant, Role
from qunying.ground.access.queries import get_role, roles_now
from qunying.ground.access.roles import PERMISSIONS, ROLES, UNCHANGING, Permission
from qunying.ground.access.rules import may_edit_roles
from qunying.ground.access.services_roles import (
    copy_role,
    edit_role,
    remove_role,
    rename_role,
    require_second_step,
    reset_role,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.roles import RoleNow


@require_GET
@login_required
def roles(request: HttpRequest) -> HttpResponse:
    """Which role may do what: a table on a desk, one card a role on a phone."""
    staff = staff_of(request)
    known = list(roles_now().values())
    counted = Grant.objects.filter(staff__is_active=True).order_by().values("role")
    holders = Counter({row["role"]: row["n"] for row in counted.annotate(n=Count("staff", distinct=True))})
    context = {
        "cards": [
            {"role": one, "may": [PERMISSIONS[name] for name in PERMISSIONS if name in one.permissions]}
            for one in known
        ],
        "roles": known,
        "table": [(label, [name in one.permissions for one in known]) for name, label in PERMISSIONS.items()],
        "people": [holders[one.name] for one in known],
        "may_edit": may_edit_roles(staff),
    }
    return render(request, "console/organisation/roles.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def role(request: HttpRequest, name: str) -> HttpResponse:
    """One role: what it may do, and how that differs from what is shipped; posting changes it."""
    staff = staff_of(request)
    found = get_role(name)
    if request.method == "POST":
        _check_editor(request)
        return act_and_return(
            request,
            lambda: edit_role(name, permissions=request.POST.getlist("permissions"), by=staff),
            done=_("“%(role)s” now may do what you ticked, for everyone who holds it.") % {"role": found.label},
            back=reverse("role", args=[name]),
        )
    context = {
        "role": found,
        "lines": _lines(found),
        "people": Grant.objects.filter(role=name, staff__is_active=True).values("staff").distinct().count(),
        "may_edit": may_edit_roles(staff) and name != UNCHANGING,
        "may_decide": may_edit_roles(staff),
        "unchanging": name == UNCHANGING,
        "longest": Role.LABEL_LENGTH,
    }
    return render(request, "console/organisation/role.html", context)


def _check_editor(request: HttpRequest) -> None:
    """Only those at the top are asked for their password again; the verb refuses the others."""
    if may_edit_roles(staff_of(request)):
        check_fresh(request)


def _lines(found: RoleNow) -> list[tuple[Permission, object, bool, str]]:
    """Each permission: its name, its words, whether the role holds it, and how that differs from what is shipped."""
    shipped = ROLES[found.name][1] if not found.own else found.permissions
    words = {(True, False): _("added here"), (False, True): _("taken off here")}
    return [
        (name, label, name in found.permissions, words.get((name in found.permissions, name in shipped), ""))
        for name, label in PERMISSIONS.items()
    ]


@require_POST
@login_required
def copy(request: HttpRequest, name: str) -> HttpResponse:
    """A role of one's own, beginning as this one is."""
    _check_editor(request)
    staff = staff_of(request)
    made: list[Role] = []
    answer = act_and_return(
        request,
        lambda: made.append(copy_role(name, label=request.POST.get("label", ""), by=staff)),
        done=_("The copy is made. Choose what it may do."),
        back=reverse("role", args=[name]),
    )
    if made:
        answer["Location"] = reverse("role", args=[made[0].name])
    return answer


@require_POST
@login_required
def rename(request: HttpRequest, name: str) -> HttpResponse:
    """Give a role of one's own another name."""
    staff = staff_of(request)
    return act_and_return(
        request,
        lambda: rename_role(name, label=request.POST.get("label", ""), by=staff),
        done=_("The role has its new name."),
        back=reverse("role", args=[name]),
    )


@require_POST
@login_required
def second_step(request: HttpRequest, name: str) -> HttpResponse:
    """Have those who hold the role set up two-factor sign-in, or no longer."""
    _check_editor(request)
    staff = staff_of(request)
    needed = request.POST.get("needed") == "1"
    words = (
        _("Whoever holds this role now needs two-factor sign-in.")
        if needed
        else _("This role no longer asks for two-factor sign-in.")
    )
    return act_and_return(
        request,
        lambda: require_second_step(name, needed=needed, by=staff),
        done=words,
        back=reverse("role", args=[name]),
    )


@require_POST
@login_required
def reset(request: HttpRequest, name: str) -> HttpResponse:
    """Put a shipped role back to what it came with."""
    _check_editor(request)
    staff = staff_of(request)
    return act_and_return(
        request,
        lambda: reset_role(name, by=staff),
        done=_("“%(role)s” is as it was shipped.") % {"role": get_role(name).label},
        back=reverse("role", args=[name]),
    )


@require_POST
@login_required
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Remove a role of one's own that nobody holds."""
    staff = staff_of(request)
    label = get_role(name).label
    return act_and_return(
        request,
        lambda: remove_role(name, by=staff),
        done=_("“%(role)s” is removed.") % {"role": label},
        back=reverse("roles"),
        refused=reverse("role", args=[name]),
    )
