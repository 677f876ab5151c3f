"""Who acts: a member of staff, a key, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Anyone an audit row can name. Staff is one; so are `System` and, later, API keys."""

    @property
    def actor_key(self) -> str:
        """A short stable name without private data, such as staff:12 or system:import."""


@dataclass(frozen=True, slots=True)
class System:
    """The system acting by itself, or a person at the command line of the machine."""

    part: str

    @property
    def actor_key(self) -> str:
        """For example system:cli."""
        return f"system:{self.part}"
