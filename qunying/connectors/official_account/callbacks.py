"""What WeChat sends to an official account: the check of our address, messages, events; plain or encrypted.

WeChat waits five seconds and repeats three times. What comes is a fact at once, under the key that WeChat names it
by, so that a repetition stores nothing. With a key for the envelope, letters without one are refused: what is not
encrypted is not signed either, only the second it was sent in.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from qunying.connectors.official_account.client import app_of
from qunying.connectors.official_account.hearing import hear
from qunying.connectors.official_account.models import Line
from qunying.ground.platforms.callbacks import Answer, Taker
from qunying.ground.platforms.sealing import open_secrets
from qunying.kit.digests import keyed_digest
from qunying.kit.envelopes import Envelope, EnvelopeError, sign
from qunying.kit.keys import require_keys
from qunying.kit.letters import LetterError, read_letter

if TYPE_CHECKING:
    from qunying.ground.platforms.callbacks import Callback
    from qunying.ground.platforms.models import Account

MOST_BYTES = 64 * 1024
"""A message holds 2,048 bytes of words at most; nothing of WeChat's comes near this."""
PATH = "events"
_MOST_ECHO = 100
_PLAIN_SECONDS = 3600
"""How old a letter without an envelope may be, for its signature would fit any other."""


def envelope_of(account: Account) -> Envelope:
    """What opens the letters to this account."""
    secrets = open_secrets(account)
    return Envelope(secrets.get("token", ""), secrets.get("aes_key", ""), app_of(account))


def mark_of(account: Account) -> str:
    """What tells one token and key from others without saying anything of them."""
    own = envelope_of(account)
    return keyed_digest(require_keys(settings.KEYRING).digest, f"{own.token}\n{own.key}").hex()[: Line.MARK_LENGTH]


def refuse(status: int) -> Answer:
    """A refusal; WeChat reads no words in it."""
    return Answer(status, text="")


def take(account: Account | None, callback: Callback) -> Answer:
    """Answer one request of WeChat's; whoever does not know the token learns nothing."""
    if account is None or callback.path != PATH:
        return refuse(HTTPStatus.FORBIDDEN)
    taker = {"GET": _prove, "POST": _hear}.get(callback.method)
    if taker is None:
        return refuse(HTTPStatus.METHOD_NOT_ALLOWED)
    try:
        return taker(account, callback)
    except (EnvelopeError, LetterError, UnicodeDecodeError):
        return refuse(HTTPStatus.FORBIDDEN)


def _check_signature(own: Envelope, callback: Callback) -> None:
    """The signature over token, second and nonce; what came beside them is not in it."""
    asked = callback.query
    expected = sign(own.token, asked.get("timestamp", ""), asked.get("nonce", ""))
    if not own.token or not hmac.compare_digest(expected.encode(), asked.get("signature", "").encode()):
        raise EnvelopeError("signature")


def _prove(account: Account, callback: Callback) -> Answer:
    """WeChat checks the address: it wants to read what it sent, and nothing else."""
    _check_signature(envelope_of(account), callback)
    told = {"proved_at": timezone.now(), "mark": mark_of(account)}
    Line.objects.update_or_create(account=account, defaults=told)
    echo = callback.query.get("echostr", "")
    return Answer(HTTPStatus.OK, text=echo if echo.isalnum() and len(echo) <= _MOST_ECHO else "")


def _hear(account: Account, callback: Callback) -> Answer:
    own = envelope_of(account)
    body = _opened(own, callback) if own.key else _plain(own, callback)
    hear(account, read_letter(body))
    return Answer(HTTPStatus.OK, text="success")


def _opened(own: Envelope, callback: Callback) -> bytes:
    asked = callback.query
    return own.open(
        read_letter(callback.body)["Encrypt"],
        signature=asked.get("msg_signature", ""),
        timestamp=asked.get("timestamp", ""),
        nonce=asked.get("nonce", ""),
    )


def _plain(own: Envelope, callback: Callback) -> bytes:
    _check_signature(own, callback)
    told = callback.query.get("timestamp", "")
    second = int(told) if told.isascii() and told.isdecimal() and len(told) <= len("9999999999") else 0
    if abs(timezone.now().timestamp() - second) > _PLAIN_SECONDS:
        raise EnvelopeError("old")
    return callback.body


TAKER = Taker(MOST_BYTES, take, refuse)
