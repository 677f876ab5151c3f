"""The registry of audited verbs: each app declares the acts it writes down."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_verbs: dict[str, _StrPromise] = {}


def declare_verb(name: str, meaning: _StrPromise) -> str:
    """Add a verb (`members.tag`) with one line of meaning, and give its name back."""
    _verbs[name] = meaning
    return name


def audited_verbs() -> dict[str, _StrPromise]:
    """Every declared verb with its meaning, by name."""
    return dict(sorted(_verbs.items()))
