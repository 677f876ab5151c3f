"""Keys rotate while processes die: every value stays readable and findable, and the next rotation finishes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.privacy.rotation import CHUNK
from tests.crash.conftest import KILLED

if TYPE_CHECKING:
    from tests.crash.conftest import Installation

PEOPLE = 3 * CHUNK


def opened(installation: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(installation.must("opened"))
    return found


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_rotation_killed_between_two_chunks_loses_no_value_and_is_finished_by_the_next(
    installation: Installation, point: str
) -> None:
    installation.must("secrets", installation.community(), str(PEOPLE))
    whole = opened(installation)["rows"]

    assert installation.run(point, 2, "cli", "keys", "rotate").code == KILLED
    left = opened(installation)
    assert (left["rows"], left["found"], left["keys"]) == (whole, whole, 2)

    installation.must("free")  # a minute later
    again = json.loads(installation.must("cli", "keys", "rotate", "--json"))
    assert again["resealed"] == whole
    assert opened(installation) == {"rows": whole, "found": whole, "keys": 1}
    status = json.loads(installation.must("cli", "keys", "status", "--json"))
    assert (status["waiting"], status["running"]) == (0, None)
