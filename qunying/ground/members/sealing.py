"""Private values between plain and stored: encryption bound to its row, and the digest that finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from qunying.ground.members.models import PrivateField
from qunying.ground.members.private import search_form, tidy_private
from qunying.kit.crypto import decrypt, encrypt
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import QunyingError
from qunying.kit.keys import newest_keyring

if TYPE_CHECKING:
    from qunying.kit.keys import Keyring


def seal(member_id: int, name: str, value: str) -> PrivateField:
    """An unsaved field with the value tidied and encrypted; raises QunyingError for a bad value."""
    keyring, plain = keys_now(), tidy_private(name, value)
    sealed = encrypt(keyring, plain, bound_to=f"{member_id}:{name}")
    digest = _digest(keyring.search_key(keyring.current), name, plain)
    return PrivateField(member_id=member_id, name=name, sealed=sealed, digest=digest)


def open_field(field: PrivateField) -> str:
    """The plain value of a stored field; only masking and the audited look may ask for it."""
    return decrypt(keys_now(), bytes(field.sealed), bound_to=f"{field.member_id}:{field.name}")


def private_digest(name: str, tidied: str) -> bytes:
    """The keyed digest under which a tidied value of this field is kept from now on."""
    keyring = keys_now()
    return _digest(keyring.search_key(keyring.current), name, tidied)


def private_digests(name: str, tidied: str) -> list[bytes]:
    """Every digest under which this value may be found: while keys rotate, that of each key."""
    keyring = keys_now()
    return [_digest(key, name, tidied) for key in sorted({keyring.search_key(one) for one in keyring.data})]


def _digest(key: bytes, name: str, tidied: str) -> bytes:
    return keyed_digest(key, "private", name, search_form(tidied))


def keys_now() -> Keyring:
    """The keys as they are now, also where they were rotated since this process began."""
    keyring: Keyring | None = settings.KEYRING
    if keyring is None:
        raise QunyingError(_("There are no keys yet. Run qunying init first."))
    return newest_keyring(keyring, settings.HOME)
