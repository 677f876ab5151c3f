"""The tree of units: made, renamed, moved, removed; how much deviation each is allowed."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.check.supervision.queries import get_supervised_unit
from qunying.check.supervision.rules import check_may_set_tolerance
from qunying.check.supervision.services import set_tolerance
from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.plan.goals import number_told
from qunying.doors.api.shapes import Fields, Given, Id, Page, Paging, Text, Told
from qunying.ground.access.queries import get_unit_for, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_rearrange
from qunying.ground.units.models import Unit
from qunying.ground.units.services import create_unit, move_unit, remove_unit, rename_unit
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.access.models import ApiKey

router = Router(tags=["communities"])
_UnitName = Annotated[Text, Field(min_length=1, max_length=Unit.NAME_LENGTH, examples=["花店二店"])]
_Percent = Annotated[str, Field(pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$", examples=["15"])]


class UnitTold(Told):
    """A unit of the organisation."""

    id: int
    name: str
    parent: int | None


class UnitGiven(Given):
    """A new unit below another one."""

    name: _UnitName
    parent: Id


class UnitChange(Given):
    """What changes; what is left out stays. `parent` hangs it, with everything below, under another one."""

    name: _UnitName | None = None
    parent: Id | None = None


class ToleranceGiven(Given):
    """The deviation allowed in per cent; null: what holds above holds here."""

    percent: _Percent | None


class ToleranceTold(Told):
    """The deviation a unit is allowed of its own, in per cent."""

    unit: int
    percent: str | None


def _units(units: Sequence[Unit]) -> Iterable[dict[str, Any]]:
    return ({"id": unit.pk, "name": unit.name, "parent": unit.parent_id} for unit in units)


UNITS = Noun("units", UnitTold, _units)


@router.get("/units", response=Page[UnitTold], summary="Units")
def list_units(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """The units in which the key may see figures."""
    return page(request, units_for(caller_of(request), Permission.SEE_FIGURES), UNITS, asked)


@router.post("/units", response={201: UnitTold}, summary="Make a unit")
def make_unit(request: HttpRequest, given: Body[UnitGiven]) -> HttpResponse:
    """Asks for `units.edit` in the unit above."""
    key = caller_of(request)
    above = get_unit_for(key, given.parent, Permission.EDIT_UNITS)
    return made(request, UNITS, create_unit(given.name, parent=above, by=key))


@router.get("/units/{pk}", response=UnitTold, summary="One unit")
def show_unit(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `figures.see`."""
    return UNITS.one(get_unit_for(caller_of(request), pk), fields=asked.fields)


@router.patch("/units/{pk}", response=UnitTold, summary="Change a unit")
def change_unit(request: HttpRequest, pk: Path[Id], given: Body[UnitChange]) -> HttpResponse:
    """Its name and its place. Asks for `units.edit`; a move asks for it in the unit above and in the new one."""
    key = caller_of(request)
    unit = get_unit_for(key, pk, Permission.EDIT_UNITS)
    if given.parent is not None:
        _check_may_rearrange(key, unit)
        unit = move_unit(unit, parent=get_unit_for(key, given.parent, Permission.EDIT_UNITS), by=key)
    if given.name is not None:
        unit = rename_unit(unit, name=given.name, by=key)
    return UNITS.one(unit)


@router.delete("/units/{pk}", response={204: None}, summary="Remove a unit")
def drop_unit(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """An empty one. Asks for `units.edit` in the unit above."""
    key = caller_of(request)
    unit = get_unit_for(key, pk, Permission.EDIT_UNITS)
    _check_may_rearrange(key, unit)
    remove_unit(unit, by=key)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.patch("/units/{pk}/tolerance", response=ToleranceTold, summary="Allow a unit a deviation", tags=["check"])
def change_tolerance(request: HttpRequest, pk: Path[Id], given: Body[ToleranceGiven]) -> HttpResponse:
    """Asks for `units.edit` in the unit above."""
    key = caller_of(request)
    unit = get_supervised_unit(key, pk)
    check_may_set_tolerance(key, unit)
    kept = set_tolerance(unit, percent=None if given.percent is None else Decimal(given.percent), by=key)
    return as_json({"unit": unit.pk, "percent": number_told(kept.percent) if kept else None})


def _check_may_rearrange(key: ApiKey, unit: Unit) -> None:
    if not may_rearrange(key, unit):
        raise NotAllowedError(
            _("Only those who direct the unit above may move or remove “%(unit)s”.") % {"unit": unit.name}
        )
