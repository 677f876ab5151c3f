"""What QQ sends: the check of our address, and events. Answered when everything in it is stored.

Who sent it is proved by Ed25519 over timestamp and body. An event that comes again stores nothing: every fact is
keyed by the id of its message or event.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django_q.tasks import async_task

from qunying.connectors.qq.hearing import SOURCE, Reader, place_of
from qunying.connectors.qq.models import Line, Place
from qunying.connectors.qq.openings import open_for
from qunying.connectors.qq.signing import is_signed, proof
from qunying.ground.events.together import record_together
from qunying.ground.groups.joining import tell_join_request
from qunying.ground.groups.lately import groups_lately
from qunying.ground.platforms.callbacks import Answer, Taker
from qunying.ground.platforms.sealing import open_secrets
from qunying.kit.digests import keyed_digest
from qunying.kit.keys import require_keys
from qunying.kit.told import as_dict, moment_or_now, part, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.platforms.callbacks import Callback
    from qunying.ground.platforms.models import Account

MOST_BYTES = 256 * 1024
"""A message has a few thousand letters and some addresses of pictures; nothing of QQ's comes near this."""
PATH = "events"
"""What stands behind the account's own address."""
_DISPATCH, _ACK, _CHECK = 0, 12, 13
_TASKS = "qunying.connectors.qq.tasks"


def mark_of(account: Account) -> str:
    """What tells one secret from others without saying anything of it."""
    secret = open_secrets(account).get("secret", "")
    return keyed_digest(require_keys(settings.KEYRING).digest, secret).hex()[: Line.MARK_LENGTH]


def refuse(status: int) -> Answer:
    """A refusal; QQ reads no words in it."""
    return Answer(status, text="")


def take(account: Account | None, callback: Callback) -> Answer:
    """Answer one request of QQ's; whoever cannot sign learns nothing."""
    if account is None or callback.path != PATH:
        return refuse(HTTPStatus.FORBIDDEN)
    if callback.method != "POST":
        return refuse(HTTPStatus.METHOD_NOT_ALLOWED)
    told = as_dict(callback.body)
    if told is not None and told.get("op") == _CHECK:
        return _prove(account, part(told, "d"))
    signature, timestamp = (callback.headers.get(f"x-signature-{name}", "") for name in ("ed25519", "timestamp"))
    secret = open_secrets(account).get("secret", "")
    if told is None or not is_signed(secret, signature=signature, timestamp=timestamp, body=callback.body):
        return refuse(HTTPStatus.FORBIDDEN)
    if told.get("op") == _DISPATCH:
        hear(account, told)
    return Answer(HTTPStatus.OK, {"op": _ACK})


def _prove(account: Account, told: Mapping[str, Any]) -> Answer:
    """QQ checks the address: it wants the token it sent signed."""
    token, stamp = text(told.get("plain_token"), 100), str(told.get("event_ts", ""))
    signature = proof(open_secrets(account).get("secret", ""), token=token, timestamp=stamp)
    if not signature:
        return refuse(HTTPStatus.FORBIDDEN)
    Line.objects.update_or_create(account=account, defaults={"proved_at": timezone.now(), "mark": mark_of(account)})
    return Answer(HTTPStatus.OK, {"plain_token": token, "signature": signature})


def hear(account: Account, event: Mapping[str, Any]) -> None:
    """Store what one event tells. Groups that nothing is tied to are remembered, and what is said there is not."""
    name = place_of(event)
    group = groups_lately(account, [name]).get(name) if name else None
    reader = Reader(group, str(account.settings.get("check_in", "")))
    reader.read(event)
    if name:
        _note_place(account, name, event)
    if reader.facts and group is not None:
        record_together(reader.facts, community=group.community, source=SOURCE)
    for request in reader.requests:
        tell_join_request(request)
    if reader.opening is not None:
        open_for(account, reader.opening)
    if reader.press:
        async_task(f"{_TASKS}.acknowledge", account.pk, reader.press, cluster="fast")


def _note_place(account: Account, name: str, event: Mapping[str, Any]) -> None:
    """Learn where the robot is, and where it is not any more."""
    at = moment_or_now(part(event, "d").get("timestamp"))
    rows = Place.objects.filter(account=account, external_id=name)
    if event.get("t") == "GROUP_DEL_ROBOT":
        rows.filter(came_at__lte=at).update(gone_at=at)
        return
    known = rows.first()
    if known is None:
        made = Place.objects.bulk_create([Place(account=account, external_id=name, came_at=at)], ignore_conflicts=True)
        if made:
            async_task(f"{_TASKS}.name_place", account.pk, name, cluster="fast")
    elif known.gone_at is not None and known.gone_at < at:
        rows.update(came_at=at, gone_at=None)


TAKER = Taker(MOST_BYTES, take, refuse)
