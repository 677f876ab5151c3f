"""A platform on this machine, an account there, and groups that are spoken to through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.models import Delivery, Measure
from qunying.do.reach.services import Draft, hand_in, release_sending, write_sending
from qunying.do.reach.targets import ORIGIN
from qunying.ground.groups.services import ensure_group
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.outcomes import _tellers, register_teller
from qunying.ground.platforms.port import _connectors, register_connector
from tests.support.cast import TESTS
from tests.support.loopback import PLATFORM, LoopbackConnector, LoopbackTeller, start_platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qunying.do.reach.models import Sending
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.support.cast import Units
    from tests.support.loopback import Platform


@pytest.fixture
def platform() -> Iterator[Platform]:
    """The platform, listening."""
    found, server = start_platform()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def connector() -> Iterator[LoopbackConnector]:
    """The connector to it, registered."""
    made = LoopbackConnector(timeout=1)
    register_connector(made)
    yield made
    _connectors.pop(PLATFORM)


@pytest.fixture
def teller(connector: LoopbackConnector) -> Iterator[LoopbackTeller]:
    """What the platform tells later of what people confirm there, registered."""
    made = LoopbackTeller()
    register_teller(connector.platform, made)
    yield made
    _tellers.pop(PLATFORM)


@pytest.fixture
def account(units: Units, platform: Platform, connector: LoopbackConnector) -> Account:
    """An account of 花店一店 there."""
    return Account.objects.create(
        name="小店机器人", platform=PLATFORM, unit=units.shop, settings={"address": platform.address}
    )


@pytest.fixture
def wide_open(units: Units) -> Measure:
    """No quiet hours, and room for a great deal: what a test says does not hang on the time of day."""
    most = dict.fromkeys(("person_day", "person_week", "group_day", "group_week"), 1000)
    return Measure.objects.create(unit=units.headquarters, quiet_from=0, quiet_until=0, **most)


@pytest.fixture
def connected(community: Community, account: Account, wide_open: Measure) -> list[Group]:
    """Three groups that are spoken to through the account."""
    groups = []
    for number in (1, 2, 3):
        made = ensure_group(community, name=f"连上的{number}群", platform=PLATFORM, by=TESTS)
        made.account, made.external_id = account, f"!{number}"
        made.save()
        groups.append(made)
    return groups


@pytest.fixture
def released(community: Community, specialist: Staff, lead: Staff) -> Callable[..., Sending]:
    """`released(groups, words=…)`: a sending to these groups, written by the specialist, released by the lead."""

    def make(groups: list[Group], *, words: str = "今晚八点上新", **more: object) -> Sending:
        draft = Draft("上新", words, groups=groups, **more)  # type: ignore[arg-type] - fields of a draft
        sending = write_sending(community, draft, by=specialist)
        hand_in(sending, by=specialist)
        sending.refresh_from_db()
        release_sending(sending, by=lead, seen=sending.checked_hash)
        sending.refresh_from_db()
        return sending

    return make


def states(sending: Sending) -> list[str]:
    """How its deliveries stand, in the order of their making."""
    return list(sending.deliveries.order_by("pk").values_list("state", flat=True))


def due_again(sending: Sending) -> None:
    """Have everything that waits be due now."""
    waiting = Delivery.objects.filter(sending=sending, state=Delivery.State.WAITING)
    waiting.update(due_at=timezone.now())


__all__ = ["ORIGIN", "due_again", "states"]
