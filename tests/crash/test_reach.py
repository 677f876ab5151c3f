"""Wherever the sender dies, the platform sees each key at most once, and what nobody knows is shown as unknown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.crash.conftest import KILLED
from tests.support.loopback import start_platform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.conftest import Installation
    from tests.support.loopback import Platform

GROUPS = 4


@pytest.fixture
def platform() -> Iterator[Platform]:
    """A platform that outlives those who send to it."""
    found, server = start_platform()
    yield found
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("point", "came_before", "after"),
    [
        ("before_claim", 1, ["sent", "sent", "sent", "sent"]),
        ("after_claim", 1, ["sent", "unknown", "sent", "sent"]),
        ("after_call", 2, ["sent", "unknown", "sent", "sent"]),
        ("before_outcome", 2, ["sent", "unknown", "sent", "sent"]),
    ],
)
def test_a_killed_sender_doubles_nothing_and_hides_nothing(
    installation: Installation, platform: Platform, point: str, came_before: int, after: list[str]
) -> None:
    slug = installation.community()
    installation.must("reach", slug, platform.address, str(GROUPS))
    assert installation.run(point, 2, "send").code == KILLED
    assert len(platform.came) == came_before
    installation.must("send")
    installation.must("lost")
    installation.must("send")
    assert list(json.loads(installation.must("stand", slug)).values()) == after
    assert max(platform.seen().values()) == 1
    assert len(platform.came) == GROUPS - (1 if point == "after_claim" else 0)
