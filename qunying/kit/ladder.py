"""A ladder of alert levels with dead band and delays, so that a value near a limit does not ring all day.

Source: OPC UA Part 9, annex B.1.5; the truth table stands in the test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rising limits; level n (from 1) is reached at the n-th.

    A level is raised when `on_delay` samples in a row stand at it or higher, and left when `off_delay` samples in a row
    are below its limit by more than `deadband`.
    """

    limits: tuple[float, ...]
    deadband: float = 0.0
    on_delay: int = 1
    off_delay: int = 1

    def raw(self, value: float) -> int:
        """The level this one value stands at: how many limits it has reached."""
        return sum(value >= limit for limit in self.limits)

    def step(self, level: int, recent: Sequence[float]) -> int:
        """The level after the newest of the `recent` samples (oldest first), from the level before it."""
        raised = self._raised(recent)
        if raised > level:
            return raised
        while level > raised and self._left(level, recent):
            level -= 1
        return level

    def _raised(self, recent: Sequence[float]) -> int:
        if len(recent) < self.on_delay:
            return 0
        return min(self.raw(value) for value in recent[-self.on_delay :])

    def _left(self, level: int, recent: Sequence[float]) -> bool:
        last = recent[-self.off_delay :]
        return len(last) == self.off_delay and all(value < self.limits[level - 1] - self.deadband for value in last)

    @property
    def memory(self) -> int:
        """How many samples a step looks at."""
        return max(self.on_delay, self.off_delay)


def climb(ladder: Ladder, values: Iterable[float]) -> Iterator[int]:
    """The level after each value, beginning below the first limit."""
    level, recent = 0, list[float]()
    for value in values:
        recent = [*recent, value][-ladder.memory :]
        level = ladder.step(level, recent)
        yield level
