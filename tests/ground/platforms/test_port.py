"""Connectors register under the platform they serve."""

# ruff: noqa: ARG002 - the protocol names the arguments

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.platforms import port
from qunying.ground.platforms.port import ACTION_WORDS, WAY_WORDS, Action, Capability, Way

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.platforms.models import Account


class Pigeons:
    """Serves a platform that carries everything by pigeon."""

    platform = "pigeons"
    settings: tuple[port.Setting, ...] = ()
    limits: tuple[port.Limit, ...] = ()

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """Pigeons need a hand."""
        return Capability(Way.HAND, f"{action} needs a hand")

    def check(self, account: Account) -> list[port.Check]:
        """Pigeons are always well."""
        return []

    def perform(self, account: Account, order: port.Order) -> port.Done:
        """Off it flies."""
        return port.Done(external_id=order.key)

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """No groups."""
        return ()

    def list_people(self, account: Account, group: str) -> Iterable[port.Person]:
        """Nobody."""
        return ()


def test_a_connector_is_found_by_its_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "_connectors", {})
    pigeons = Pigeons()
    port.register_connector(pigeons)
    assert port.connector_of("pigeons") is pigeons
    assert port.connectors() == {"pigeons": pigeons}


def test_a_platform_nobody_serves_has_none() -> None:
    assert port.connector_of("telegraph") is None


@pytest.mark.parametrize(("words", "members"), [(ACTION_WORDS, Action), (WAY_WORDS, Way)])
def test_everything_has_words(words: dict[str, object], members: type[Action | Way]) -> None:
    assert set(words) == set(members)
