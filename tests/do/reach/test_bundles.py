"""What a platform takes together leaves together, and each delivery keeps an end of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.reach.port import Guard, Verdict, _guards, register_guard
from qunying.do.reach.tasks import send_through
from qunying.ground.platforms.bundles import Bundler, _bundlers, register_bundler
from qunying.ground.platforms.port import Action, BusyError, Done, RefusedError, UnknownError
from tests.do.reach.conftest import states
from tests.support.loopback import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from qunying.do.reach.models import Delivery, Sending
    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from qunying.ground.platforms.port import Order
    from qunying.kit.errors import QunyingError

pytestmark = pytest.mark.django_db


class Together:
    """Takes everything in one call and answers as it was told to, by the group."""

    def __init__(self) -> None:
        self.came: list[list[str]] = []
        self.says: dict[str, Done | QunyingError | None] = {}
        self.breaks: Exception | None = None

    def perform(self, _account: Account, orders: Sequence[Order]) -> Mapping[str, Done | QunyingError]:
        """What came of each; nothing of those it is silent about."""
        self.came.append([one.group for one in orders])
        if self.breaks is not None:
            raise self.breaks
        told = {one.key: self.says.get(one.group, Done(f"id-{one.group}")) for one in orders}
        return {key: one for key, one in told.items() if one is not None}


@pytest.fixture
def together() -> Iterator[Together]:
    """Registered for the platform of the tests, at most three at a time."""
    made = Together()
    register_bundler(PLATFORM, Bundler(frozenset({Action.SEND}), 3, made.perform))
    yield made
    _bundlers.pop(PLATFORM)


def test_the_groups_of_a_sending_leave_in_one_call(
    together: Together, released: Callable[..., Sending], connected: list[Group], account: Account
) -> None:
    sending = released(connected)
    send_through(account.pk)
    assert (together.came, states(sending)) == ([["!1", "!2", "!3"]], ["sent", "sent", "sent"])
    assert [one.attempts for one in sending.deliveries.all()] == [1, 1, 1]


def test_each_has_an_end_of_its_own(
    together: Together, released: Callable[..., Sending], connected: list[Group], account: Account
) -> None:
    together.says = {"!1": RefusedError("no"), "!2": BusyError("later"), "!3": None}
    sending = released(connected)
    send_through(account.pk)
    assert states(sending) == ["refused", "waiting", "unknown"]


def test_a_connector_that_breaks_leaves_all_of_them_unknown(
    together: Together, released: Callable[..., Sending], connected: list[Group], account: Account
) -> None:
    for error in (UnknownError("silence"), ValueError("a fault")):
        together.breaks = error
        sending = released(connected, words=f"今晚 {type(error).__name__}")
        send_through(account.pk)
        assert states(sending) == ["unknown", "unknown", "unknown"]


def test_different_words_do_not_go_together(
    together: Together, released: Callable[..., Sending], connected: list[Group], account: Account
) -> None:
    first, second = released(connected[:2], words="早"), released(connected[:2], words="晚")
    send_through(account.pk)
    assert together.came == [["!1", "!2"], ["!1", "!2"]]
    assert states(first) + states(second) == ["sent"] * 4


def test_what_a_guard_holds_back_does_not_go_along(
    together: Together, released: Callable[..., Sending], connected: list[Group], account: Account
) -> None:
    sending = released(connected)

    def against(deliveries: Sequence[Delivery], _moment: object) -> dict[int, Verdict]:
        held = connected[1].pk
        return {place: Verdict("test", "not there") for place, one in enumerate(deliveries) if one.group_id == held}

    register_guard(Guard("test", "test", against))  # type: ignore[arg-type] - words of a test
    send_through(account.pk)
    _guards.pop("test")
    assert (together.came, states(sending)) == ([["!1", "!3"]], ["sent", "held", "sent"])
