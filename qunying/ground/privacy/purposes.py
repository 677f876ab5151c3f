"""The port by which every app says what it wants to do with people that needs their consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing people may agree to: its name, its words, the version of the wording in force.

    `automated` purposes are closed to everyone under 18 whatever was agreed (未成年人网络保护条例 Art 24);
    under 14 the others need a guardian's consent (个人信息保护法 Art 31).
    """

    name: str
    label: _StrPromise
    meaning: _StrPromise
    text_version: str
    automated: bool = False


_purposes: dict[str, Purpose] = {}


def declare_purpose(purpose: Purpose) -> Purpose:
    """Make a purpose known; the same name again replaces it."""
    _purposes[purpose.name] = purpose
    return purpose


def all_purposes() -> list[Purpose]:
    """Every purpose, in the order in which they were declared."""
    return list(_purposes.values())


def purpose_named(name: str) -> Purpose:
    """The purpose of this name; raises QunyingError naming those there are."""
    try:
        return _purposes[name]
    except KeyError:
        raise QunyingError(
            _("There is no purpose “%(name)s”. Those there are: %(known)s.")
            % {"name": name, "known": ", ".join(_purposes)}
        ) from None
