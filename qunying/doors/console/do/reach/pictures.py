"""Pictures of sendings, to be saved for what goes by hand, and those that prove that it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qunying.do.reach.models import HandTask
from qunying.do.reach.pictures import named_in, outgoing, stored
from qunying.do.reach.queries import get_delivery_for, get_sending_for
from qunying.doors.console.people import staff_of
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest


@require_GET
@login_required
def of_sending(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """A picture of a sending this person may see."""
    sending = get_sending_for(staff_of(request), pk)
    return _shown(file, among=sending.pictures)


@require_GET
@login_required
def of_task(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """A picture of what this person may send by hand, to be saved."""
    delivery = get_delivery_for(staff_of(request), pk)
    return _shown(file, among=named_in(delivery), save=True)


@require_GET
@login_required
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture that proves that it was sent; for those who may send there."""
    delivery = get_delivery_for(staff_of(request), pk)
    task = HandTask.objects.filter(delivery=delivery, proof_picture__isnull=False).first()
    file = task.proof_picture_id if task and task.proof_picture_id else 0
    return _shown(file, among=[file] if file else [])


def _shown(file: int, *, among: Sequence[int], save: bool = False) -> HttpResponse:
    found = stored([file]) if file in among else []
    if not found:
        raise NotFoundError(_("There is no such picture that you may open."))
    picture = outgoing(found[0])
    response = HttpResponse(picture.content, content_type=picture.media_type)
    response.headers["Cache-Control"] = "private, max-age=86400"
    if save:
        told = content_disposition_header(as_attachment=True, filename=picture.name)
        response.headers["Content-Disposition"] = told or "attachment"
    return response
