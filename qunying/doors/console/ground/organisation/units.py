"""The tree of units and the page of one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.organisation.forms import UnitForm
from qunying.doors.console.ground.organisation.logos import logo_context
from qunying.doors.console.ground.organisation.rows import UNITS, tree_rows
from qunying.doors.console.people import check_may, check_may_export, staff_of, went_well
from qunying.doors.console.zones import zone_of
from qunying.ground.access.models import Grant
from qunying.ground.access.queries import get_unit_for, permissions_anywhere, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may, may_anywhere, may_rearrange
from qunying.ground.groups.models import Community
from qunying.ground.units.queries import ancestors, subtree
from qunying.ground.units.services import create_unit, move_unit, remove_unit, rename_unit
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit


@require_GET
@login_required
def units(request: HttpRequest) -> HttpResponse:
    """The units this person reaches, as a tree, each with its communities and people."""
    staff = staff_of(request)
    if not may_anywhere(staff, Permission.SEE_FIGURES):
        raise NotAllowedError(_("Your roles do not include the units. Ask a director."))
    words = request.GET.get("q", "").strip()
    flat = UNITS.asked(request.GET) != UNITS.default
    rows = tree_rows(units_for(staff, Permission.SEE_FIGURES), words=words, flat=flat)
    held = permissions_anywhere(staff)
    context = {
        "rows": UNITS.sort_rows(rows, request.GET),
        "words": words,
        "may_make": Permission.EDIT_UNITS in held,
        "may_export": Permission.EXPORT in held,
        **UNITS.table(request.GET),
    }
    return render(request, "console/organisation/units.html", context)


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The units whose lists this person may take out, as they are searched and sorted, as a file."""
    staff = staff_of(request)
    check_may_export(staff)
    words = request.GET.get("q", "").strip()
    rows = UNITS.sort_rows(tree_rows(units_for(staff, Permission.EXPORT), words=words), request.GET)
    return UNITS.export(request, rows, count=len(rows), zone=zone_of(staff), by=staff)


@require_http_methods(["GET", "POST"])
@login_required
def new_unit(request: HttpRequest) -> HttpResponse:
    """Hang a new unit below one of this person's."""
    staff = staff_of(request)
    places = units_for(staff, Permission.EDIT_UNITS)
    if not places.exists():
        raise NotAllowedError(_no_tree())
    form = UnitForm(request.POST or None, units=places, initial={"parent": request.GET.get("parent")})
    if form.is_valid() and went_well(form, lambda: create_unit(**form.cleaned_data, by=staff)):
        return redirect("units")
    return render(request, "console/organisation/unit_new.html", {"form": form}, status=400 if form.errors else 200)


@require_GET
@login_required
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: what hangs on it, and what may be done with it."""
    staff = staff_of(request)
    found = get_unit_for(staff, pk)
    movable = may_rearrange(staff, found)
    context = {
        "unit": found,
        "above": ancestors(found).filter(pk__in=units_for(staff, Permission.SEE_FIGURES)),
        "below": tree_rows(subtree(found).exclude(pk=found.pk)),
        "communities": Community.objects.filter(unit=found),
        "grants": Grant.objects.filter(unit=found).select_related("staff").order_by("role", "staff__name"),
        "may_edit": may(staff, Permission.EDIT_UNITS, found),
        "may_open_staff": may(staff, Permission.EDIT_STAFF, found),
        "may_move": movable,
        "places": tree_rows(_places(staff, found)) if movable else [],
        **logo_context(found),
    }
    return render(request, "console/organisation/unit.html", context)


def _places(staff: Staff, found: Unit) -> QuerySet[Unit]:
    """Where it could hang instead."""
    return units_for(staff, Permission.EDIT_UNITS).exclude(path__startswith=found.path).exclude(children=found)


@require_POST
@login_required
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the unit another name."""
    staff = staff_of(request)
    found = get_unit_for(staff, pk)
    check_may(staff, Permission.EDIT_UNITS, found, refusal=_no_tree())
    return act_and_return(
        request,
        lambda: rename_unit(found, name=request.POST.get("name", ""), by=staff),
        done=_("The unit has its new name."),
        back=reverse("unit", args=[pk]),
    )


@require_POST
@login_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Hang the unit below another one."""
    staff = staff_of(request)
    found = _rearrangeable(staff, pk)
    target = to_id(request.POST.get("parent", ""))
    if target is None:
        raise QunyingError(_("Choose the unit it is to hang below."))
    parent = get_unit_for(staff, target, Permission.EDIT_UNITS)
    return act_and_return(
        request,
        lambda: move_unit(found, parent=parent, by=staff),
        done=_("“%(unit)s” hangs below “%(parent)s” now.") % {"unit": found.name, "parent": parent.name},
        back=reverse("unit", args=[pk]),
    )


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an empty unit out of the tree; its name must be typed."""
    staff = staff_of(request)
    found = _rearrangeable(staff, pk)
    if request.POST.get("typed", "").strip() != found.name:
        raise QunyingError(_("The typed name is not “%(unit)s”. Nothing was removed.") % {"unit": found.name})
    return act_and_return(
        request,
        lambda: remove_unit(found, by=staff),
        done=_("“%(unit)s” is removed.") % {"unit": found.name},
        back=reverse("units"),
        refused=reverse("unit", args=[pk]),
    )


def _rearrangeable(staff: Staff, pk: int) -> Unit:
    found = get_unit_for(staff, pk)
    if not may_rearrange(staff, found):
        raise NotAllowedError(
            _("Only those who direct the unit above may move or remove “%(unit)s”.") % {"unit": found.name}
        )
    return found


def _no_tree() -> str:
    return _("Your role may not change the tree of units. Ask a director.")
