"""What the staff list can do with many at once, and take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from qunying.doors.console.acting import ids_in
from qunying.doors.console.people import keeper_of
from qunying.ground.access.models import Grant, Staff
from qunying.ground.access.queries import roles_now, staff_for, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.services import activate_staff, deactivate_staff, grant_role, revoke_role
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from qunying.ground.units.models import Unit

_UNDO = "staff_undo"


@require_POST
@login_required
def change(request: HttpRequest) -> HttpResponseBase:
    """Close or open the accounts of the chosen people, or give them a role: all of them, or none."""
    staff = keeper_of(request)
    query = QueryDict(request.POST.get("filters", "").lstrip("?"), mutable=True)
    query.pop("undo", None)
    try:
        done = _act(request, _chosen(request, staff), staff)
    except QunyingError as refused:
        messages.error(request, str(refused))
    else:
        if _tell(request, done):
            query["undo"] = "1"
    return _back(query.urlencode())


def _chosen(request: HttpRequest, staff: Staff) -> list[Staff]:
    found = list(staff_for(staff).filter(pk__in=ids_in(request.POST)).order_by("pk"))
    if not found:
        raise QunyingError(_("Nobody is chosen. Tick the boxes of those you mean."))
    return found


@transaction.atomic
def _act(request: HttpRequest, people: list[Staff], staff: Staff) -> dict[str, Any]:
    """Do what was asked; what it was, and to whom it made a difference."""
    name = request.POST.get("act", "")
    if name in {"close", "open"}:
        changed = [person for person in people if person.is_active is (name == "close")]
        for person in changed:
            _stand(person, is_open=name == "open", by=staff)
        return {"act": name, "ids": [person.pk for person in changed], "asked": len(people)}
    if name != "grant":
        raise QunyingError(_("Choose what to do with the people."))
    role, unit = _wanted_grant(request, staff)
    held = set(Grant.objects.filter(staff__in=people, role=role, unit=unit).values_list("staff_id", flat=True))
    changed = [person for person in people if person.pk not in held]
    for person in changed:
        grant_role(person, role=role, unit=unit, by=staff)
    ids = [person.pk for person in changed]
    return {"act": name, "ids": ids, "asked": len(people), "role": role, "unit": unit.pk}


def _stand(person: Staff, *, is_open: bool, by: Staff) -> None:
    verb = activate_staff if is_open else deactivate_staff
    verb(person, by=by)


def _wanted_grant(request: HttpRequest, staff: Staff) -> tuple[str, Unit]:
    role, pk = request.POST.get("role", ""), to_id(request.POST.get("unit", ""))
    unit = units_for(staff, Permission.EDIT_STAFF).filter(pk=pk or 0).first()
    if role not in roles_now() or unit is None:
        raise QunyingError(_("Choose a role and a unit."))
    return role, unit


def _tell(request: HttpRequest, done: dict[str, Any]) -> bool:
    """Say how many it made a difference to; whether there is something to take back."""
    count, rest = len(done["ids"]), done["asked"] - len(done["ids"])
    words = ngettext("%(count)d person changed.", "%(count)d people changed.", count) % {"count": count}
    if rest:
        words += " " + _("%(rest)d were so already.") % {"rest": rest}
    messages.success(request, words)
    request.session[_UNDO] = {**done, "words": words}
    return bool(count)


def undo_words(request: HttpRequest) -> str:
    """What the toast says that offers to take the last change back; '' where there is none."""
    last = request.session.get(_UNDO) if "undo" in request.GET else None
    return last["words"] if last else ""


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponseBase:
    """Take back the last bulk change this person made."""
    staff = keeper_of(request)
    last = request.session.pop(_UNDO, None)
    try:
        _take_back(last, staff)
    except QunyingError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The change is taken back."))
    return _back(request.POST.get("filters", "").lstrip("?"))


@transaction.atomic
def _take_back(last: dict[str, Any] | None, staff: Staff) -> None:
    if last is None:
        raise QunyingError(_("There is nothing left to take back."))
    people = list(staff_for(staff).filter(pk__in=last["ids"]).order_by("pk"))
    if last["act"] in {"close", "open"}:
        for person in people:
            _stand(person, is_open=last["act"] == "close", by=staff)
        return
    unit = units_for(staff, Permission.EDIT_STAFF).filter(pk=last["unit"]).first()
    if unit is None:
        raise QunyingError(_("There is nothing left to take back."))
    for person in people:
        revoke_role(person, role=last["role"], unit=unit, by=staff)


def _back(query: str) -> HttpResponseBase:
    address = reverse("staff")
    return redirect(f"{address}?{query}" if query else address)
