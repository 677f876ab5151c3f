"""A group is nearly full from 90 % on."""

import pytest

from qunying.ground.groups.capacity import Fullness, fullness


@pytest.mark.parametrize(
    ("present", "capacity", "expected"),
    [
        (0, 150, Fullness.ROOM),
        (134, 150, Fullness.ROOM),
        (135, 150, Fullness.NEARLY_FULL),
        (149, 150, Fullness.NEARLY_FULL),
        (150, 150, Fullness.FULL),
        (151, 150, Fullness.FULL),
        (9, 10, Fullness.NEARLY_FULL),
        (12, 0, Fullness.ROOM),
    ],
)
def test_fullness(present: int, capacity: int, expected: Fullness) -> None:
    assert fullness(present, capacity) == expected
