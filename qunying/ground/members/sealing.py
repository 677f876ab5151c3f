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

if TYPE_CHECKING:
    from qunying.kit.keys import Keyring


def seal(member_id: int, name: str, value: str) -> PrivateField:
    """An unsaved field with the value tidied and encrypted; raises QunyingError for a bad value."""
    plain = tidy_private(name, value)
    sealed = encrypt(_keyring(), plain, bound_to=f"{member_id}:{name}")
    return PrivateField(member_id=member_id, name=name, sealed=sealed, digest=private_digest(name, plain))


def open_field(field: PrivateField) -> str:
    """The plain value of a stored field; only masking and the audited look may ask for it."""
    return decrypt(_keyring(), bytes(field.sealed), bound_to=f"{field.member_id}:{field.name}")


def private_digest(name: str, tidied: str) -> bytes:
    """The keyed digest under which a tidied value of this field is found."""
    return keyed_digest(_keyring().digest, "private", name, search_form(tidied))


def _keyring() -> Keyring:
    keyring: Keyring | None = settings.KEYRING
    if keyring is None:
        raise QunyingError(_("There are no keys yet. Run qunying init first."))
    return keyring
