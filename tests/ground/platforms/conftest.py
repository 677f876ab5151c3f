"""A platform that carries everything by pigeon, and an account there."""

# ruff: noqa: ARG002 - the protocol names the arguments

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.translation import gettext_lazy

from qunying.ground.platforms import handouts, port
from qunying.ground.platforms.handouts import Handed, Handout
from qunying.ground.platforms.port import Capability, Check, Done, Setting, Way
from qunying.ground.platforms.services import connect_account
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Action, Order, Person
    from tests.support.cast import Units

GIVEN = {"loft": " 屋顶 ", "whistle": "tweet"}


class Pigeons:
    """Serves the platform; `flock` is who is in every group, `seen` what a check finds, `trouble` what it raises."""

    platform = "pigeons"
    settings = (
        Setting("loft", gettext_lazy("Name")),
        Setting("grain", gettext_lazy("Unit"), required=False),
        Setting("whistle", gettext_lazy("Check"), secret=True),
    )
    limits: tuple[port.Limit, ...] = ()

    def __init__(self) -> None:
        self.flock: list[Person] = []
        self.seen: list[Check] = [Check(gettext_lazy("Check"), holds=True)]
        self.trouble: Exception | None = None

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """By pigeon."""
        return Capability(Way.OFFICIAL)

    def check(self, account: Account) -> list[Check]:
        """As the test wants."""
        if self.trouble is not None:
            raise self.trouble
        return self.seen

    def perform(self, account: Account, order: Order) -> Done:
        """Off it flies."""
        return Done(order.key)

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """One group."""
        return [("g1", "屋顶群")]

    def list_people(self, account: Account, group: str) -> Iterable[Person]:
        """The flock."""
        if self.trouble is not None:
            raise self.trouble
        return self.flock


@pytest.fixture
def pigeons(monkeypatch: pytest.MonkeyPatch) -> Pigeons:
    """The connector, for this test alone."""
    made = Pigeons()
    monkeypatch.setattr(port, "_connectors", {"pigeons": made})
    given = Handout(
        "pigeons",
        gettext_lazy("Name"),
        gettext_lazy("Name"),
        lambda _account: Handed("ring.txt", "text/plain", "whistle: fresh", {"whistle": "fresh"}),
    )
    monkeypatch.setattr(handouts, "_handouts", {"pigeons": given})
    return made


@pytest.fixture
def account(pigeons: Pigeons, units: Units) -> Account:
    """An account of 花店一店."""
    return connect_account("pigeons", name="鸽子", given=GIVEN, unit=units.shop, by=TESTS)
