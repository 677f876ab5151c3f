"""The keyring of one installation: a file of random keys in its home directory."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

KEYRING_NAME = "keys.json"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The secrets of one installation.

    `secret` signs sessions, `digest` keys every digest of the event log, `data` holds the encryption keys
    by id, of which `current` is used to encrypt. `search` holds the keys of the digests that find private
    values, by the encryption key they go with; the first key goes with `digest`. `retired` says since when
    (ISO, UTC) a key only decrypts.
    """

    secret: str
    digest: bytes
    data: dict[str, bytes]
    current: str
    search: dict[str, bytes] = field(default_factory=dict)
    retired: dict[str, str] = field(default_factory=dict)

    def search_key(self, name: str) -> bytes:
        """What keys the digests of values that were encrypted with this key."""
        return self.search.get(name, self.digest)


def new_keyring() -> Keyring:
    """Fresh random keys."""
    first = secrets.token_hex(4)
    return Keyring(
        secret=secrets.token_urlsafe(48),
        digest=secrets.token_bytes(32),
        data={first: secrets.token_bytes(32)},
        current=first,
    )


def with_new_key(keyring: Keyring, *, at: str) -> Keyring:
    """The same keys and a fresh pair of which everything is encrypted and found from now on; `at` is ISO, UTC."""
    fresh = secrets.token_hex(4)
    return replace(
        keyring,
        data=keyring.data | {fresh: secrets.token_bytes(32)},
        search=keyring.search | {fresh: secrets.token_bytes(32)},
        retired=keyring.retired | {keyring.current: at},
        current=fresh,
    )


def without_keys(keyring: Keyring, names: Collection[str]) -> Keyring:
    """The keys without these old ones; the current one always stays."""
    gone = set(names) - {keyring.current}
    data, search, retired = (
        {name: value for name, value in kept.items() if name not in gone}
        for kept in (keyring.data, keyring.search, keyring.retired)
    )
    return replace(keyring, data=data, search=search, retired=retired)  # type: ignore[arg-type]


def save_keyring(keyring: Keyring, home: Path) -> Path:
    """Write the keyring where only its owner can read it; never over an existing one."""
    path = home / KEYRING_NAME
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    _write(keyring, handle)
    return path


def replace_keyring(keyring: Keyring, home: Path) -> None:
    """Put the keyring in the place of the one that is there, at once and for good: no reader sees half of it."""
    path, coming = home / KEYRING_NAME, home / f"{KEYRING_NAME}.{secrets.token_hex(4)}"
    _write(keyring, os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    coming.replace(path)
    folder = os.open(home, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(keyring: Keyring, handle: int) -> None:
    plain = {
        "secret": keyring.secret,
        "digest": keyring.digest.hex(),
        "data": {name: key.hex() for name, key in keyring.data.items()},
        "current": keyring.current,
        "search": {name: key.hex() for name, key in keyring.search.items()},
        "retired": keyring.retired,
    }
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(plain, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


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
        search={name: bytes.fromhex(key) for name, key in plain.get("search", {}).items()},
        retired=plain.get("retired", {}),
    )


def newest_keyring(held: Keyring, home: Path) -> Keyring:
    """What the home directory holds now, where it still belongs to the keys this process was started with.

    Keys rotate while processes run: each of them looks whether the file is still the one it has read.
    """
    try:
        told = (home / KEYRING_NAME).stat()
    except FileNotFoundError:
        return held
    found = _read(home, told.st_ino, told.st_mtime_ns)
    return found if found is not None and found.digest == held.digest else held


@lru_cache(maxsize=4)
def _read(home: Path, _file: int, _written: int) -> Keyring | None:
    return load_keyring(home)


def require_keys(keyring: Keyring | None) -> Keyring:
    """The keyring itself; raises QunyingError where the installation has none."""
    if keyring is None:
        raise QunyingError(_("This installation has no keys yet. Run “qunying init”."))
    return keyring
