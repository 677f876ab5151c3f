"""The keyring of one installation: a file of random keys in its home directory."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from pathlib import Path

KEYRING_NAME = "keys.json"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The secrets of one installation.

    `secret` signs sessions, `digest` keys every digest of the event log and of searchable
    private fields, `data` holds the encryption keys by id, of which `current` is used to encrypt.
    """

    secret: str
    digest: bytes
    data: dict[str, bytes]
    current: str


def new_keyring() -> Keyring:
    """Fresh random keys."""
    first = secrets.token_hex(4)
    return Keyring(
        secret=secrets.token_urlsafe(48),
        digest=secrets.token_bytes(32),
        data={first: secrets.token_bytes(32)},
        current=first,
    )


def save_keyring(keyring: Keyring, home: Path) -> Path:
    """Write the keyring where only its owner can read it; never over an existing one."""
    path = home / KEYRING_NAME
    plain = {
        "secret": keyring.secret,
        "digest": keyring.digest.hex(),
        "data": {name: key.hex() for name, key in keyring.data.items()},
        "current": keyring.current,
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(plain, file, indent=1)
    return path


def load_keyring(home: Path) -> Keyring | None:
    """The keyring of this home directory, or None where it has none yet."""
    path = home / KEYRING_NAME
    if not path.exists():
        return None
    plain = json.loads(path.read_text(encoding="utf-8"))
    return Keyring(
        secret=plain["secret"],
        digest=bytes.fromhex(plain["digest"]),
        data={name: bytes.fromhex(key) for name, key in plain["data"].items()},
        current=plain["current"],
    )


def require_keys(keyring: Keyring | None) -> Keyring:
    """The keyring itself; raises QunyingError where the installation has none."""
    if keyring is None:
        raise QunyingError(_("This installation has no keys yet. Run “qunying init”."))
    return keyring
