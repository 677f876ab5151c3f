"""The chain of acts stays whole wherever its sealer dies: nothing sealed twice, nothing passed over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.crash.child import SEALED_AT_ONCE
from tests.crash.conftest import KILLED

if TYPE_CHECKING:
    from tests.crash.conftest import Installation

ACTS = 5 * SEALED_AT_ONCE


def chain(installation: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(installation.must("cli", "audit", "verify", "--json"))
    return found


@pytest.mark.parametrize(("point", "more"), [("before_commit", SEALED_AT_ONCE), ("after_commit", 2 * SEALED_AT_ONCE)])
def test_a_death_between_two_links_leaves_a_chain_that_goes_on(
    installation: Installation, point: str, more: int
) -> None:
    installation.must("seal")
    before = chain(installation)
    installation.must("acts", str(ACTS))

    assert installation.run(point, 2, "seal").code == KILLED
    left = chain(installation)
    assert (left["ok"], left["sealed"] - before["sealed"]) == (True, more)

    installation.must("seal")
    after = chain(installation)
    assert (after["ok"], after["sealed"] - before["sealed"], after["unsealed"]) == (True, ACTS, 0)
