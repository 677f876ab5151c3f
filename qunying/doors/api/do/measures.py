"""How much may be sent in each unit and when nothing leaves, for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Router
from pydantic import Field

from qunying.do.reach.measures import in_force
from qunying.do.reach.models import Measure
from qunying.do.reach.rules import may_measure
from qunying.do.reach.services import drop_measure, set_measure
from qunying.doors.api.paging import as_json, caller_of
from qunying.doors.api.shapes import Given, Id, Told
from qunying.ground.access.queries import get_unit_for
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.ground.units.models import Unit

router = Router(tags=["do"])
_Most = Annotated[int, Field(ge=0, le=1000, description="0: nothing at all.", examples=[3])]
_Hour = Annotated[
    int, Field(ge=0, le=23, description="Local to the community; twice the same: no quiet hours.", examples=[22])
]
_NAMES = ("person_day", "person_week", "group_day", "group_week", "quiet_from", "quiet_until")


class MeasureTold(Told):
    """What is in force in a unit; `origin` is the unit it is from, null for that of the house."""

    unit: int
    origin: int | None = Field(examples=[1])
    person_day: int = Field(description="To one person in a day.", examples=[1])
    person_week: int = Field(description="To one person in seven days.", examples=[3])
    group_day: int = Field(description="To one group in a day.", examples=[5])
    group_week: int = Field(description="To one group in seven days.", examples=[20])
    quiet_from: int = Field(description="The hour from which nothing leaves.", examples=[22])
    quiet_until: int = Field(description="The hour until which nothing leaves.", examples=[8])


class MeasureGiven(Given):
    """How much may be sent; it holds for what is on its way, too."""

    person_day: _Most
    person_week: _Most
    group_day: _Most
    group_week: _Most
    quiet_from: _Hour
    quiet_until: _Hour


@router.get("/units/{pk}/measure", response=MeasureTold, summary="How much a unit may send")
def show_measure(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Its own measure, or that of the nearest unit above. Asks for `plan.see`."""
    return as_json(_told(get_unit_for(caller_of(request), pk, Permission.SEE_PLAN)))


@router.put("/units/{pk}/measure", response=MeasureTold, summary="Say how much a unit may send")
def put_measure(request: HttpRequest, pk: Path[Id], given: Body[MeasureGiven]) -> HttpResponse:
    """For it and the units below that have none of their own. Asks for `rules.edit`."""
    unit = _editable(request, pk)
    set_measure(unit, Measure(**given.dict()), by=caller_of(request))
    return as_json(_told(unit))


@router.delete("/units/{pk}/measure", response={204: None}, summary="Let a unit do as the one above")
def take_measure(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Asks for `rules.edit`."""
    drop_measure(_editable(request, pk), by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _editable(request: HttpRequest, pk: int) -> Unit:
    unit = get_unit_for(caller_of(request), pk, Permission.SEE_PLAN)
    if not may_measure(caller_of(request), unit):
        raise NotAllowedError(_("Your roles do not include the rules of “%(unit)s”.") % {"unit": unit.name})
    return unit


def _told(unit: Unit) -> dict[str, Any]:
    [now] = in_force([unit])
    origin = now.origin.pk if now.origin else None
    return {"unit": unit.pk, "origin": origin} | {name: getattr(now.measure, name) for name in _NAMES}
