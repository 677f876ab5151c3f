"""The logo that the reports of a unit bear."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Path, Router
from ninja.files import UploadedFile

from qunying.check.reports.logos import MOST_BYTES, logo_of
from qunying.check.reports.services_logos import remove_logo, set_logo
from qunying.doors.api.paging import as_json, caller_of
from qunying.doors.api.shapes import Id, Told
from qunying.ground.access.queries import get_unit_for
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from qunying.ground.units.models import Unit

router = Router(tags=["check"])


class LogoTold(Told):
    """The logo of a unit as it is kept, in bytes of PNG."""

    unit: int
    size: int


@router.get(
    "/units/{pk}/logo",
    response={200: None},
    summary="The logo of a unit",
    openapi_extra={"responses": {200: {"content": {"image/png": {"schema": {"type": "string"}}}}}},
)
def show_logo(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """Its own, or that of the nearest unit above, as PNG. Asks for `figures.see`."""
    found = logo_of(get_unit_for(caller_of(request), pk).pk)
    if found is None:
        raise NotFoundError(_("No logo was given to this unit or one above it."))
    return HttpResponse(bytes(found.png), content_type="image/png")


@router.post("/units/{pk}/logo", response=LogoTold, summary="Give a unit a logo")
def put_logo(request: HttpRequest, pk: Path[Id], logo: File[UploadedFile]) -> HttpResponse:
    """A PNG, JPEG or SVG of at most 2 MB, in place of an earlier one. Asks for `units.edit`."""
    kept = set_logo(_editable(request, pk), raw=logo.read(MOST_BYTES + 1), by=caller_of(request))
    return as_json({"unit": pk, "size": len(bytes(kept.png))})


@router.delete("/units/{pk}/logo", response={204: None}, summary="Take the logo of a unit away")
def drop_logo(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """It bears that of a unit above then. Asks for `units.edit`."""
    remove_logo(_editable(request, pk), by=caller_of(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _editable(request: HttpRequest, pk: int) -> Unit:
    return get_unit_for(caller_of(request), pk, Permission.EDIT_UNITS)
