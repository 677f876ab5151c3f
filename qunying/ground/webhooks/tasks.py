"""Wrappers for the job clusters and the loop's chores; they take ids."""

from __future__ import annotations

import time
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from qunying.ground.webhooks.models import Delivery, Endpoint
from qunying.ground.webhooks.queries import due_endpoints
from qunying.ground.webhooks.sending import attempt

TURN_SECONDS = 10.0
"""A worker sends to one endpoint no longer than this at a stretch, so that a slow one holds nobody up."""
_CLAIM = timedelta(seconds=60)
_KEPT = timedelta(days=30)


def hand_out_due() -> int:
    """Give each endpoint with something due to a worker; how many."""
    due = due_endpoints()
    for pk in due:
        if _claim(pk):
            async_task("qunying.ground.webhooks.tasks.send_to", pk, cluster="fast")
    return len(due)


def send_to(endpoint_id: int) -> int:
    """Send what is due to one endpoint for a few seconds; how many attempts it were. Lets go of it at the end."""
    until, done = time.monotonic() + TURN_SECONDS, 0
    try:
        while time.monotonic() < until:
            delivery = _next(endpoint_id)
            if delivery is None:
                break
            attempt(delivery)
            done += 1
    finally:
        Endpoint.objects.filter(pk=endpoint_id).update(claimed_until=None)
    return done


def _next(endpoint_id: int) -> Delivery | None:
    due = Delivery.objects.filter(
        endpoint=endpoint_id, endpoint__off_at__isnull=True, state=Delivery.State.WAITING, due_at__lte=timezone.now()
    )
    parts = ("endpoint__unit", "endpoint__owner", "event__community", "event__identity")
    return due.select_related(*parts).order_by("due_at", "pk").first()


def _claim(endpoint_id: int) -> bool:
    now = timezone.now()
    free = Endpoint.objects.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now), pk=endpoint_id)
    return bool(free.update(claimed_until=now + _CLAIM))


def clear_old() -> int:
    """Forget deliveries that ended a month ago; how many."""
    old = Delivery.objects.filter(ended_at__lt=timezone.now() - _KEPT)
    return old.delete()[0]


def mail_off(endpoint_id: int) -> bool:
    """Tell whoever answers for it that nothing is sent any more; False where there is nobody to tell."""
    endpoint = Endpoint.objects.select_related("owner").filter(pk=endpoint_id, off_at__isnull=False).first()
    if endpoint is None or not endpoint.owner.email:
        return False
    with translation.override(endpoint.owner.language):
        subject = _("Qunying: the webhook “%(name)s” was switched off") % {"name": endpoint.name}
        why = endpoint.get_off_why_display()
        words = _("Nothing is sent to it any more: %(why)s. Put it right, switch it on, and send again what failed.")
        EmailMessage(subject, words % {"why": why} + "\n", to=[endpoint.owner.email]).send()
    return True
