"""What buttons on a publication do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunying.do.publishing.approval import ORIGIN
from qunying.do.publishing.queries import get_publication_for
from qunying.do.publishing.services import cancel_publication, move_publication, publish_refused_again
from qunying.do.reach.queries import get_delivery_for
from qunying.do.reach.services_outcomes import settle_delivery
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.roles import Permission
from qunying.kit.errors import NotFoundError, QunyingError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.do.publishing.models import Publication
    from qunying.ground.access.models import Staff


def _sender(request: HttpRequest, slug: str, pk: int) -> tuple[Staff, Publication]:
    staff = staff_of(request)
    publication = get_publication_for(staff, slug, pk)
    refusal = _("Your roles do not include sending here. Ask the lead of the unit.")
    check_may(staff, Permission.SEND, publication.community.unit, refusal=refusal)
    return staff, publication


@require_POST
@login_required
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop what has not left."""
    staff, publication = _sender(request, slug, pk)
    done, back = _("Called off. What had left stays sent."), reverse("publication", args=[slug, pk])
    return act_and_return(request, lambda: cancel_publication(publication, by=staff), done=done, back=back)


@require_POST
@login_required
def again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Try once more what was refused or held back."""
    staff, publication = _sender(request, slug, pk)
    done, back = _("It is tried again; nothing arrives twice."), reverse("publication", args=[slug, pk])
    return act_and_return(request, lambda: publish_refused_again(publication, by=staff), done=done, back=back)


@require_POST
@login_required
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Have what waits go at another time."""
    staff, publication = _sender(request, slug, pk)
    zone = ZoneInfo(publication.community.timezone)

    def act() -> None:
        move_publication(publication, due_at=_typed(request.POST.get("due_at", ""), zone), by=staff)

    back = reverse("publication", args=[slug, pk])
    return act_and_return(request, act, done=_("It goes out at the new time."), back=back)


def _typed(text: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise QunyingError(_("Choose the day and the time.")) from None


@require_POST
@login_required
def settle(request: HttpRequest, slug: str, pk: int, delivery_pk: int) -> HttpResponse:
    """Somebody looked whether it arrived."""
    staff, publication = _sender(request, slug, pk)
    delivery = get_delivery_for(staff, delivery_pk)
    if (delivery.origin, delivery.origin_id) != (ORIGIN, str(publication.pk)):
        raise NotFoundError(_("There is no such delivery that you may open."))
    arrived = request.POST.get("arrived") == "yes"
    done = _("Noted as sent.") if arrived else _("It is sent once more.")
    back = reverse("publication", args=[slug, pk])
    return act_and_return(request, lambda: settle_delivery(delivery, arrived=arrived, by=staff), done=done, back=back)
