"""The stage of each community's life, as far as it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


def stages_of(_communities: Collection[int]) -> dict[int, str]:
    """Stage by community (id): start, growth, maturity, decline, revival; missing where nobody has said."""
    return {}
