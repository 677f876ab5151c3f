"""When a group is getting full."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

NEARLY = Fraction(9, 10)


class Fullness(StrEnum):
    """How much room a group has left."""

    ROOM = "room"
    NEARLY_FULL = "nearly"
    FULL = "full"


def fullness(present: int, capacity: int) -> Fullness:
    """Nearly full from 90 % of the capacity on, full from all of it; a capacity of 0 is no limit."""
    if not capacity or present < NEARLY * capacity:
        return Fullness.ROOM
    return Fullness.FULL if present >= capacity else Fullness.NEARLY_FULL
