"""What WeCom sends: the check of our address, and events. Answered as soon as it is kept; understood afterwards.

WeCom waits five seconds and repeats three times. What it tells is kept by a digest of the decrypted words: its own
advice (sender and second) would take two events of one second for one.
"""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from qunying.connectors.wecom.models import Heard, Line
from qunying.ground.platforms.callbacks import Answer, Taker
from qunying.ground.platforms.sealing import open_secrets
from qunying.kit.digests import keyed_digest
from qunying.kit.envelopes import Envelope, EnvelopeError
from qunying.kit.keys import require_keys
from qunying.kit.letters import LetterError, read_letter

if TYPE_CHECKING:
    from qunying.ground.platforms.callbacks import Callback
    from qunying.ground.platforms.models import Account

MOST_BYTES = 256 * 1024
"""A change of a group names at most 500 people; nothing of WeCom's comes near this."""
PATH = "events"
"""What stands behind the account's own address."""


def envelope_of(account: Account) -> Envelope:
    """What opens the letters to this account."""
    secrets = open_secrets(account)
    return Envelope(secrets.get("token", ""), secrets.get("aes_key", ""), str(account.settings.get("corp", "")))


def mark_of(account: Account) -> str:
    """What tells one token and key from others without saying anything of them."""
    own = envelope_of(account)
    return keyed_digest(require_keys(settings.KEYRING).digest, f"{own.token}\n{own.key}").hex()[: Line.MARK_LENGTH]


def refuse(status: int) -> Answer:
    """A refusal; WeCom reads no words in it."""
    return Answer(status, text="")


def take(account: Account | None, callback: Callback) -> Answer:
    """Answer one request of WeCom's; whoever cannot close an envelope learns nothing."""
    if account is None or callback.path != PATH:
        return refuse(HTTPStatus.FORBIDDEN)
    taker = {"GET": _prove, "POST": _keep}.get(callback.method)
    if taker is None:
        return refuse(HTTPStatus.METHOD_NOT_ALLOWED)
    try:
        return taker(account, callback)
    except (EnvelopeError, LetterError, UnicodeDecodeError):
        return refuse(HTTPStatus.FORBIDDEN)


def _opened(account: Account, callback: Callback, encrypted: str) -> bytes:
    asked = callback.query
    return envelope_of(account).open(
        encrypted,
        signature=asked.get("msg_signature", ""),
        timestamp=asked.get("timestamp", ""),
        nonce=asked.get("nonce", ""),
    )


def _prove(account: Account, callback: Callback) -> Answer:
    """WeCom checks the address: it wants to read what it encrypted, and nothing else."""
    words = _opened(account, callback, callback.query.get("echostr", "")).decode()
    told = {"proved_at": timezone.now(), "mark": mark_of(account)}
    Line.objects.update_or_create(account=account, defaults=told)
    return Answer(HTTPStatus.OK, text=words)


def _keep(account: Account, callback: Callback) -> Answer:
    body = _opened(account, callback, read_letter(callback.body)["Encrypt"])
    read_letter(body)
    keep(account, body)
    return Answer(HTTPStatus.OK, text="success")


def keep(account: Account, body: bytes) -> bool:
    """Keep what was told until a worker has understood it; False where it was told before."""
    now = timezone.now()
    row = Heard(account=account, digest=sha256(body).digest(), words=body.decode(), received_at=now, due_at=now)
    with transaction.atomic():
        known = Heard.objects.filter(account=account, digest=row.digest).exists()
        if not known:
            Heard.objects.bulk_create([row], ignore_conflicts=True)
            async_task("qunying.connectors.wecom.tasks.understand", account.pk, row.digest.hex(), cluster="fast")
    return not known


TAKER = Taker(MOST_BYTES, take, refuse)
