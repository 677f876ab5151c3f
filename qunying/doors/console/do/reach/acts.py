"""What buttons on a sending and its deliveries do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from qunying.do.reach.queries import get_delivery_for, get_sending_for
from qunying.do.reach.services import cancel_sending, give_back, hand_in, release_sending, send_test
from qunying.do.reach.services_nudging import nudge_sending
from qunying.do.reach.services_outcomes import send_refused_again, settle_delivery
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.people import check_may, staff_of
from qunying.ground.access.roles import Permission
from qunying.ground.members.models import Identity
from qunying.kit.errors import NotFoundError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Staff


def _act(
    request: HttpRequest, pk: int, act: Callable[[Sending, Staff], object], *, done: str, sends: bool = True
) -> HttpResponse:
    staff = staff_of(request)
    sending = get_sending_for(staff, pk)
    if sends:
        refusal = _("Your roles do not include sending here. Ask the lead of the unit.")
        check_may(staff, Permission.SEND, sending.community.unit, refusal=refusal)
    return act_and_return(request, lambda: act(sending, staff), done=done, back=reverse("sending", args=[pk]))


@require_POST
@login_required
def hand_in_one(request: HttpRequest, pk: int) -> HttpResponse:
    """It is ready: somebody else looks at it."""
    done = _("Handed in. Somebody else who gives second reviews can release it now.")
    return _act(request, pk, lambda sending, staff: hand_in(sending, by=staff), done=done)


@require_POST
@login_required
def give_back_one(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not ready after all."""
    done = _("It is a draft again.")
    return _act(request, pk, lambda sending, staff: give_back(sending, by=staff), done=done, sends=False)


@require_POST
@login_required
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go as it was looked at."""
    done = _("Released. What leaves by itself is on its way; what goes by hand is in the list.")
    seen = request.POST.get("seen", "")
    return _act(
        request, pk, lambda sending, staff: release_sending(sending, by=staff, seen=seen), done=done, sends=False
    )


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what has not left."""
    done = _("Called off. What had left stays sent.")
    return _act(request, pk, lambda sending, staff: cancel_sending(sending, by=staff), done=done)


@require_POST
@login_required
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try what was refused once more."""
    done = _("What was refused is tried again; nothing arrives twice.")
    return _act(request, pk, lambda sending, staff: send_refused_again(sending, by=staff), done=done)


@require_POST
@login_required
def nudge(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the platform remind those who have yet to confirm."""
    done = _("They were reminded on their phones.")
    return _act(request, pk, lambda sending, staff: nudge_sending(sending, by=staff), done=done)


@require_POST
@login_required
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it to a colleague first."""
    done = _("The test is on its way.")

    def try_on(sending: Sending, staff: Staff) -> None:
        send_test(sending, to=_colleague(request, sending), by=staff)

    return _act(request, pk, try_on, done=done)


def _colleague(request: HttpRequest, sending: Sending) -> Identity:
    here = Identity.objects.filter(memberships__community=sending.community).select_related("member").distinct()
    found = here.filter(pk=to_id(request.POST.get("identity", "")) or 0).first()
    if found is None:
        raise NotFoundError(_("There is no such account in this community."))
    return found


@require_POST
@login_required
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody looked whether it arrived."""
    staff = staff_of(request)
    delivery = get_delivery_for(staff, pk)
    arrived = request.POST.get("arrived") == "yes"
    done = _("Noted as sent.") if arrived else _("It is sent once more.")
    back = reverse("sending", args=[delivery.sending_id]) if delivery.sending_id else reverse("sendings")
    return act_and_return(request, lambda: settle_delivery(delivery, arrived=arrived, by=staff), done=done, back=back)


def tasks_given(count: int, name: str) -> str:
    """So many were given to somebody."""
    words = ngettext("%(count)d is with %(name)s now.", "%(count)d are with %(name)s now.", count)
    return words % {"count": count, "name": name}
