"""The links of the chain: what a seal is computed from."""

from __future__ import annotations

import hmac
import json
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.models import Act
    from qunying.kit.keys import Keyring

FIRST = bytes(32)
"""What the first link is tied to."""


def canonical(act: Act) -> bytes:
    """Every column of the act in one order and one spelling, so that any change shows."""
    columns = [
        act.pk,
        act.tx,
        act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        act.actor,
        act.verb,
        act.subject_type,
        act.subject_id,
        act.details,
    ]
    return json.dumps(columns, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def link(key: bytes, number: int, before: bytes, act: Act) -> bytes:
    """The digest of one link: HMAC-SHA256 over its number, the link before it and the act.

    Keyed, because whoever can write to the database could otherwise compute a new chain over
    changed acts; the key lies in the home directory.
    """
    return hmac.new(key, number.to_bytes(8, "big") + before + canonical(act), sha256).digest()


def keyring() -> Keyring:
    """The keys of this installation; raises QunyingError where it has none yet."""
    if settings.KEYRING is None:
        raise QunyingError(_("There are no keys in %(home)s. Run “qunying init” first.") % {"home": settings.HOME})
    keys: Keyring = settings.KEYRING
    return keys


def chain_key() -> bytes:
    """The key of this installation's chain, kept apart from the digests of the event log."""
    return hmac.new(keyring().digest, b"audit chain", sha256).digest()
