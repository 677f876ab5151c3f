"""`record`: the only way into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.events.facts import Fact, Recorded
    from qunying.ground.groups.models import Community


def record(facts: Iterable[Fact], *, community: Community, source: str) -> Recorded:
    """Store facts, each once, with what they change, in one transaction."""
    raise RuntimeError
