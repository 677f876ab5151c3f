"""The port for files that a platform's operator needs to let an account in; each is made with fresh secrets.

A file with secrets is given once, when it is made: nobody can look at it again, only make another, and then the
earlier one stops working.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account


@dataclass(frozen=True, slots=True)
class Handed:
    """A file to give to the platform's operator, and the secrets in it by the names of their settings."""

    name: str
    media_type: str
    text: str = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Handout:
    """What a platform's operator is given: what it is called, what to do with it, and how it is made."""

    platform: str
    label: _StrPromise
    help: _StrPromise
    make: Callable[[Account], Handed]


_handouts: dict[str, Handout] = {}


def register_handout(handout: Handout) -> None:
    """Have accounts of the platform offer this file."""
    _handouts[handout.platform] = handout


def handout_of(platform: str) -> Handout | None:
    """The file that accounts of this platform offer, if they do."""
    return _handouts.get(platform)
