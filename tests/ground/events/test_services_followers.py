"""A follower is sent back, and handed once more what it set aside; both are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.events import followers as registry
from qunying.ground.events.followers import EventFollower
from qunying.ground.events.models import Event, FollowerCursor, ParkedEvent
from qunying.ground.events.services_followers import replay_follower, retry_fact
from qunying.kit.errors import NotFoundError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the follower “scale” has read; it cannot digest the second time it is asked."""
    seen: list[int] = []

    def handle(event: Event) -> None:
        if seen:
            raise ValueError("too heavy")
        seen.append(event.pk)

    monkeypatch.setattr(registry, "_registry", {})
    registry.register(EventFollower("scale", handle))
    return seen


def test_a_follower_goes_back_to_the_beginning(handled: list[int], xiaomei: Member) -> None:
    FollowerCursor.objects.create(name="scale", tx=9, event_id=9)
    replay_follower("scale", from_id=0, by=TESTS)
    assert FollowerCursor.objects.filter(name="scale", event_id=9).count() == 0
    assert Act.objects.get(verb="followers.replay").details == {"from": 0}


def test_there_is_no_follower_of_another_name(handled: list[int]) -> None:
    with pytest.raises(NotFoundError):
        replay_follower("nobody", from_id=0, by=TESTS)
    assert Act.objects.filter(verb="followers.replay").count() == 0


def test_a_fact_goes_through_or_stays_aside(handled: list[int], xiaomei: Member) -> None:
    event = Event.objects.order_by("pk")[0]
    parked = [ParkedEvent.objects.create(follower="scale", event=event, error="x")]
    assert retry_fact(parked[0], by=TESTS) is True
    again = ParkedEvent.objects.create(follower="scale", event=event, error="x")
    assert retry_fact(again, by=TESTS) is False
    assert ParkedEvent.objects.get().error != "x"
    assert [act.details["ok"] for act in Act.objects.filter(verb="followers.retry").order_by("pk")] == [True, False]
