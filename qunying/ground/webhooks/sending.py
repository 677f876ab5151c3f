"""One attempt at one delivery, and what follows from its answer."""

from __future__ import annotations

import json
import secrets
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.audit.actors import System
from qunying.ground.webhooks.models import Delivery, Endpoint
from qunying.ground.webhooks.rules import may_still_hear
from qunying.ground.webhooks.sealing import open_secret, signature
from qunying.ground.webhooks.services import switch_off
from qunying.kit.errors import QunyingError
from qunying.kit.outward import post

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qunying.ground.events.models import Event

LONGEST = timedelta(days=3)
"""After so long without success a delivery is given up, and an endpoint switched off."""
_FIRST, _FACTOR, _MOST = 10.0, 3.0, 12 * 3600.0
_GOOD = range(200, 300)
_GONE = 410
_SYSTEM = System("webhooks")


def body_of(delivery: Delivery) -> bytes:
    """What is told: the fact as the API tells it, without the words of messages; a test says that it is one."""
    event = delivery.event
    content: dict[str, Any] = {
        "type": event.kind if event else "test",
        "timestamp": (event.recorded_at if event else delivery.begun_at).isoformat(),
        "data": _fact(event) if event else {},
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _fact(event: Event) -> dict[str, Any]:
    return {
        "id": event.pk,
        "community": event.community.slug,
        "kind": event.kind,
        "occurred_at": event.occurred_at.isoformat(),
        "group": event.group_id,
        "member": event.identity.member_id if event.identity else None,
        "identity": event.identity_id,
        "target": event.target_identity_id,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "channel": event.channel_key,
        "amount": event.amount,
        "payload": event.payload,
    }


def headers_of(delivery: Delivery, body: bytes, *, timestamp: int) -> Mapping[str, str]:
    """The headers of Standard Webhooks: id, timestamp (UTC seconds) and signature over both and the body."""
    secret = open_secret(delivery.endpoint)
    return {
        "content-type": "application/json",
        "user-agent": "Qunying-Webhooks",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id=delivery.message_id, timestamp=timestamp, body=body),
    }


def attempt(delivery: Delivery) -> bool:
    """Send it once and write down what came of it; whether it arrived."""
    endpoint, status, error = delivery.endpoint, None, ""
    if not may_still_hear(endpoint.owner, endpoint.unit):
        error = _("Whoever answers for this webhook may not see these members any more.")
    else:
        body = body_of(delivery)
        try:
            headers = headers_of(delivery, body, timestamp=int(time.time()))
            status = post(endpoint.url, body, headers=headers, local=settings.WEBHOOKS_LOCAL)
        except (QunyingError, OSError) as refused:
            error = str(refused) or type(refused).__name__
    _write_down(delivery, status=status, error=error)
    return status in _GOOD


@transaction.atomic
def _write_down(delivery: Delivery, *, status: int | None, error: str) -> None:
    now = timezone.now()
    endpoint = Endpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
    delivery.attempts += 1
    delivery.status, delivery.error = status, error[:300]
    if status in _GOOD:
        delivery.state, delivery.ended_at, endpoint.failing_since = Delivery.State.DELIVERED, now, None
    else:
        endpoint.failing_since = endpoint.failing_since or now
        delivery.due_at = now + pause(delivery.attempts)
        if delivery.due_at > delivery.begun_at + LONGEST or status == _GONE:
            delivery.state, delivery.ended_at = Delivery.State.FAILED, now
    delivery.save()
    endpoint.save(update_fields=["failing_since"])
    if status == _GONE:
        switch_off(endpoint, why=Endpoint.Off.GONE, by=_SYSTEM)
    elif _failed_long(endpoint, now):
        switch_off(endpoint, why=Endpoint.Off.FAILING, by=_SYSTEM)


def _failed_long(endpoint: Endpoint, now: datetime) -> bool:
    return endpoint.failing_since is not None and now - endpoint.failing_since >= LONGEST


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 10 s, 30 s, 90 s … 12 h, each a fifth more or less by chance."""
    seconds = min(_FIRST * _FACTOR ** min(attempts - 1, 20), _MOST)
    return timedelta(seconds=seconds * (0.8 + 0.4 * secrets.randbelow(1000) / 1000))
