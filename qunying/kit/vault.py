"""A file that opens with a passphrase or a recovery key, written and read as a stream of any length.

AES-256-GCM in frames of 1 MiB (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015: the
nonce counts the frames and marks the last), so that a frame that was changed, moved, doubled or cut off does
not open. The key of the file is random; it lies in the head once for each lock: under scrypt of a passphrase, or
under X25519 of a public key. Who makes backups every night needs the public key alone; what it locks opens with
the recovery key, which lies elsewhere.
"""

from __future__ import annotations

import base64
import io
import json
import secrets
import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import ReadableBuffer, WriteableBuffer

MAGIC: Final = b"QUNYING VAULT 1\n"
FRAME: Final = 1024 * 1024
_TAG = 16
_PREFIX = 7
_MOST_HEAD = 16 * 1024
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}
_MOST_SCRYPT = 2**20
_CHECK = 4
_KEY_BYTES = 32
_KEY_MARK = "QYK"
_INFO = b"qunying vault"


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Locks and opens by words that somebody remembers."""

    words: str


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Locks only: the half of a recovery key that may lie on the machine."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """Opens what its public half has locked."""

    raw: bytes

    @property
    def public(self) -> PublicKey:
        """The half that locks."""
        return PublicKey(X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    def __str__(self) -> str:
        letters = base64.b32encode(self.raw + _check_of(self.raw)).decode().rstrip("=")
        return "-".join([_KEY_MARK, *(letters[start : start + 6] for start in range(0, len(letters), 6))])


def new_recovery_key() -> RecoveryKey:
    """A fresh random one."""
    return RecoveryKey(secrets.token_bytes(_KEY_BYTES))


def read_recovery_key(text: str) -> RecoveryKey | None:
    """The recovery key that was typed, or None where this is none; raises QunyingError for a slip in typing."""
    letters = "".join(text.split()).replace("-", "").upper()
    if not letters.startswith(_KEY_MARK):
        return None
    try:
        raw = base64.b32decode(letters[len(_KEY_MARK) :] + "=" * (-(len(letters) - len(_KEY_MARK)) % 8))
    except ValueError:
        raw = b""
    key, check = raw[:_KEY_BYTES], raw[_KEY_BYTES:]
    if len(raw) != _KEY_BYTES + _CHECK or check != _check_of(key):
        raise QunyingError(_("The recovery key is mistyped or not whole. Compare it with what you wrote down."))
    return RecoveryKey(key)


def _check_of(raw: bytes) -> bytes:
    return sha256(raw).digest()[:_CHECK]


class VaultWriter(io.RawIOBase):
    """Encrypts whatever is written into `out`; only a closed one is whole. `out` stays open."""

    def __init__(self, out: IO[bytes], locks: Sequence[Passphrase | PublicKey]) -> None:
        super().__init__()
        self.file_key = secrets.token_bytes(_KEY_BYTES)
        prefix = secrets.token_bytes(_PREFIX)
        head = json.dumps({"prefix": prefix.hex(), "locks": [_lock(self.file_key, lock) for lock in locks]}).encode()
        opening = MAGIC + struct.pack(">I", len(head)) + head
        out.write(opening)
        self._out, self._frames, self._kept = out, _Frames(self.file_key, prefix, opening), bytearray()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Take the bytes; whole frames leave at once, except that the last is always kept back."""
        view = memoryview(data).cast("B")
        self._kept += view
        while len(self._kept) > FRAME:
            self._out.write(self._frames.seal(bytes(self._kept[:FRAME]), last=False))
            del self._kept[:FRAME]
        return len(view)

    def close(self) -> None:
        """Write the last frame, marked as such."""
        if not self.closed:
            self._out.write(self._frames.seal(bytes(self._kept), last=True))
        super().close()


class Source(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""


class VaultReader(io.RawIOBase):
    """The plain bytes of a vault; raises QunyingError where it does not open, was changed or was cut off."""

    def __init__(self, source: Source, opener: Passphrase | RecoveryKey | bytes, *, name: str) -> None:
        super().__init__()
        head, opening = _read_head(source, name=name)
        key = opener if isinstance(opener, bytes) else _unlock(head["locks"], opener, name=name)
        self._source, self.name = source, name
        self._frames = _Frames(key, bytes.fromhex(head["prefix"]), opening)
        self._next = source.read(FRAME + _TAG)
        if not self._next:  # even an empty vault has a last frame
            raise damaged(name)
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer; 0 only behind a last frame that is marked as such."""
        view = memoryview(buffer).cast("B")
        if not self._plain and self._next:
            self._open_frame()
        size = min(len(view), len(self._plain))
        view[:size] = self._plain[:size]
        self._plain = self._plain[size:]
        return size

    def _open_frame(self) -> None:
        sealed, self._next = self._next, self._source.read(FRAME + _TAG)
        try:
            self._plain = memoryview(self._frames.open(sealed, last=not self._next))
        except InvalidTag:
            raise damaged(self.name) from None


class _Frames:
    """The frames of one file, one after the other."""

    def __init__(self, key: bytes, prefix: bytes, opening: bytes) -> None:
        self._box, self._prefix, self._bound, self._count = AESGCM(key), prefix, sha256(opening).digest(), 0

    def seal(self, plain: bytes, *, last: bool) -> bytes:
        return self._box.encrypt(self._nonce(last=last), plain, self._bound)

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        return self._box.decrypt(self._nonce(last=last), sealed, self._bound)

    def _nonce(self, *, last: bool) -> bytes:
        nonce = self._prefix + struct.pack(">IB", self._count, last)
        self._count += 1
        return nonce


def damaged(name: str) -> QunyingError:
    """The sentence for a file that was changed or is not whole."""
    return QunyingError(
        _("“%(name)s” was changed or is not whole, and nothing of it was taken over. Use another copy.")
        % {"name": name}
    )


def _read_head(source: Source, *, name: str) -> tuple[dict[str, Any], bytes]:
    start = source.read(len(MAGIC) + 4)
    if not start.startswith(MAGIC) or len(start) < len(MAGIC) + 4:
        raise QunyingError(_("“%(name)s” is no backup of Qunying.") % {"name": name})
    size = struct.unpack(">I", start[len(MAGIC) :])[0]
    raw = source.read(min(size, _MOST_HEAD))
    try:
        head = json.loads(raw)
        if size > _MOST_HEAD or len(bytes.fromhex(head["prefix"])) != _PREFIX or not head["locks"]:
            raise damaged(name)
    except (ValueError, KeyError, TypeError):
        raise damaged(name) from None
    return head, start + raw


def locks_of(source: Source, *, name: str) -> set[str]:
    """What a vault opens with: `passphrase`, `key` or both."""
    head, _opening = _read_head(source, name=name)
    return {str(lock.get("kind")) for lock in head["locks"]}


def _lock(file_key: bytes, lock: Passphrase | PublicKey) -> dict[str, Any]:
    if isinstance(lock, Passphrase):
        salt = secrets.token_bytes(16)
        wrapped = AESGCM(_stretched(lock.words, salt, **_SCRYPT)).encrypt(bytes(12), file_key, _INFO)
        return {"kind": "passphrase", "salt": salt.hex(), **_SCRYPT, "wrapped": wrapped.hex()}
    own = X25519PrivateKey.generate()
    shared = own.exchange(X25519PublicKey.from_public_bytes(lock.raw))
    public = own.public_key().public_bytes_raw()
    wrapped = AESGCM(_agreed(shared, public + lock.raw)).encrypt(bytes(12), file_key, _INFO)
    return {"kind": "key", "public": public.hex(), "wrapped": wrapped.hex()}


def _unlock(locks: Sequence[dict[str, Any]], opener: Passphrase | RecoveryKey, *, name: str) -> bytes:
    kind = "passphrase" if isinstance(opener, Passphrase) else "key"
    for lock in locks:
        if lock.get("kind") != kind:
            continue
        try:
            return AESGCM(_key_for(lock, opener)).decrypt(bytes(12), bytes.fromhex(lock["wrapped"]), _INFO)
        except InvalidTag:
            continue
        except (ValueError, KeyError, TypeError):
            raise damaged(name) from None
    if kind == "key":
        raise QunyingError(_("This recovery key does not open “%(name)s”. It was locked for another.") % {"name": name})
    raise QunyingError(_("This passphrase does not open “%(name)s”.") % {"name": name})


def _key_for(lock: dict[str, Any], opener: Passphrase | RecoveryKey) -> bytes:
    if isinstance(opener, Passphrase):
        costs = {name: int(lock[name]) for name in _SCRYPT}
        if costs["n"] * costs["r"] * costs["p"] > _MOST_SCRYPT * 8:
            raise ValueError(costs)
        return _stretched(opener.words, bytes.fromhex(lock["salt"]), **costs)
    public = bytes.fromhex(lock["public"])
    shared = X25519PrivateKey.from_private_bytes(opener.raw).exchange(X25519PublicKey.from_public_bytes(public))
    return _agreed(shared, public + opener.public.raw)


def _stretched(words: str, salt: bytes, *, n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=_KEY_BYTES, n=n, r=r, p=p).derive(words.encode())


def _agreed(shared: bytes, bound: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=sha256(bound).digest(), info=_INFO).derive(shared)
