"""What a OneBot sends: one event at a time, signed with HMAC-SHA1. Answered when it is stored.

An event that comes again stores nothing: every fact is keyed by the id of its message, or by what, who and when.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from qunying.connectors.onebot.hearing import SOURCE, Reader, number_of, place_of
from qunying.connectors.onebot.models import Line
from qunying.connectors.onebot.notice import is_accepted
from qunying.ground.events.together import record_together
from qunying.ground.groups.joining import tell_join_request
from qunying.ground.groups.lately import groups_lately
from qunying.ground.platforms.callbacks import Answer, Taker
from qunying.ground.platforms.sealing import open_secrets
from qunying.kit.told import as_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.platforms.callbacks import Callback
    from qunying.ground.platforms.models import Account

MOST_BYTES = 1024 * 1024
"""A message in pieces, where a picture is an address; 1 MB is far above any of them."""
PATH = "events"
_SEEN = timedelta(minutes=1)


def sign(secret: str, body: bytes) -> str:
    """What stands in X-Signature for a body."""
    return "sha1=" + hmac.digest(secret.encode(), body, "sha1").hex()


def refuse(status: int) -> Answer:
    """A refusal; the program reads no words in it."""
    return Answer(status, text="")


def take(account: Account | None, callback: Callback) -> Answer:
    """Take one event; whoever cannot sign, and everybody before the notice was accepted, learns nothing."""
    if account is None or callback.path != PATH:
        return refuse(HTTPStatus.FORBIDDEN)
    if callback.method != "POST":
        return refuse(HTTPStatus.METHOD_NOT_ALLOWED)
    if not _is_from(account, callback) or not is_accepted(account):
        return refuse(HTTPStatus.FORBIDDEN)
    event = as_dict(callback.body)
    if event is None:
        return refuse(HTTPStatus.BAD_REQUEST)
    hear(account, event)
    return refuse(HTTPStatus.NO_CONTENT)


def _is_from(account: Account, callback: Callback) -> bool:
    secret = open_secrets(account).get("secret", "")
    given, own = callback.headers.get("x-signature", ""), str(account.settings.get("number", ""))
    same = hmac.compare_digest(given.encode(), sign(secret, callback.body).encode())
    return bool(secret) and same and callback.headers.get("x-self-id", "") == own


def hear(account: Account, event: Mapping[str, Any]) -> None:
    """Store what one event tells; groups that nothing is tied to are passed over, and so are events of others."""
    own = str(account.settings.get("number", ""))
    if number_of(event.get("self_id")) != own:
        return
    now = timezone.now()
    stale = Q(heard_at=None) | Q(heard_at__lt=now - _SEEN)
    Line.objects.filter(stale, account=account).update(heard_at=now)
    name = place_of(event)
    group = groups_lately(account, [name]).get(name) if name else None
    if group is None:
        return
    reader = Reader(group, own, str(account.settings.get("check_in", "")))
    reader.read(event)
    if reader.facts:
        record_together(reader.facts, community=group.community, source=SOURCE)
    for request in reader.requests:
        tell_join_request(request)


TAKER = Taker(MOST_BYTES, take, refuse)
