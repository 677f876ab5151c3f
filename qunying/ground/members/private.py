"""The private fields a person may have: what a good value is, what finds it, what a screen may show."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.kit.crypto import mask
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

_LONGEST = 300
_PHONE = re.compile(r"\+?\d{5,15}")
_CHINA = re.compile(r"(?:\+|00)?86(1\d{10})")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_SHOWN_OF_ADDRESS = 6


@dataclass(frozen=True, slots=True)
class PrivateKind:
    """One private field: its label, how a value is tidied (raising QunyingError) and how it is masked."""

    name: str
    label: _StrPromise
    tidy: Callable[[str], str]
    masked: Callable[[str], str]


def tidy_private(name: str, value: str) -> str:
    """The value as it is kept; raises QunyingError where it cannot be one of this field.

    Full-width letters and digits become plain ones. Numbers lose their spaces, dashes and the prefix
    +86, e-mail addresses their capitals; birthdays become ISO dates.
    """
    plain = " ".join(unicodedata.normalize("NFKC", value).split())
    if not plain:
        raise QunyingError(_("The value is empty. Write one, or clear the field."))
    if len(plain) > _LONGEST:
        raise QunyingError(_("The value is longer than %(most)d characters. Shorten it.") % {"most": _LONGEST})
    return private_kind(name).tidy(plain)


def search_form(tidied: str) -> str:
    """What is digested for search: without case and spaces, so that 王 小明 finds 王小明."""
    return "".join(tidied.casefold().split())


def private_kind(name: str) -> PrivateKind:
    """The private field of this name; raises QunyingError naming those there are."""
    try:
        return PRIVATE_FIELDS[name]
    except KeyError:
        raise QunyingError(
            _("There is no private field “%(name)s”. Those there are: %(known)s.")
            % {"name": name, "known": ", ".join(PRIVATE_FIELDS)}
        ) from None


def _phone(plain: str) -> str:
    digits = re.sub(r"[\s().-]", "", plain)
    if local := _CHINA.fullmatch(digits):
        return local[1]
    if not _PHONE.fullmatch(digits):
        raise QunyingError(_("“%(value)s” is not a telephone number. Write its digits.") % {"value": plain})
    return digits


def _email(plain: str) -> str:
    if not _EMAIL.fullmatch(plain):
        raise QunyingError(_("“%(value)s” is not an e-mail address.") % {"value": plain})
    return plain.casefold()


def _birthday(plain: str) -> str:
    found = _DATE.fullmatch(plain)
    try:
        year, month, day = (int(part) for part in found.groups() if part) if found else (0, 0, 0)
        return date(year, month, day).isoformat()
    except ValueError:
        raise QunyingError(_("“%(value)s” is not a date. Write one such as 1990-05-23.") % {"value": plain}) from None


def _mask_email(value: str) -> str:
    local, _at, domain = value.partition("@")
    return f"{local[:1]}***@{domain}"


def _mask_birthday(value: str) -> str:
    return f"{value[:2]}**-**-**"


def _mask_address(value: str) -> str:
    shown = min(_SHOWN_OF_ADDRESS, len(value) // 2)
    return f"{value[:shown]}****"


PRIVATE_FIELDS = {
    kind.name: kind
    for kind in (
        PrivateKind("real_name", gettext_lazy("Real name"), str, lambda value: value[:1] + "**"),
        PrivateKind("phone", gettext_lazy("Telephone"), _phone, mask),
        PrivateKind("email", gettext_lazy("E-mail"), _email, _mask_email),
        PrivateKind("birthday", gettext_lazy("Birthday"), _birthday, _mask_birthday),
        PrivateKind("address", gettext_lazy("Address"), str, _mask_address),
    )
}
"""Private fields by name, in the order a page shows them."""
