"""Followers move once over every fact, park what they cannot digest, and can go back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.events.facts import Fact
from qunying.ground.events.followers import EventFollower, follower_named, lag_behind, parked_events
from qunying.ground.events.leases import hold_lease, release_lease
from qunying.ground.events.models import Event, FollowerCursor, Lease
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from qunying.kit.errors import NotFoundError

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

# Rows of a running transaction lie beyond the horizon, so these tests commit.
pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def speak(community: Community, *keys: int) -> None:
    who = Who("wechat", "xiaomei", "小美")
    facts = [Fact("spoke", NOON + timedelta(minutes=key), (key,), who=who, object_id=str(key)) for key in keys]
    for fact in facts:
        record([fact], community=community, source="test")


def reader(seen: list[str], *, spoilt: str = "", kinds: frozenset[str] | None = None) -> EventFollower:
    def handle(event: Event) -> None:
        if event.object_id == spoilt:
            raise ValueError("this one is spoilt")
        seen.append(event.object_id)

    return EventFollower("test", handle, kinds)


def test_it_takes_every_fact_once_and_in_order(community: Community) -> None:
    seen: list[str] = []
    speak(community, 1, 2, 3)
    follower = reader(seen)
    assert (follower.advance(), follower.advance()) == (3, 0)
    speak(community, 4)
    follower.advance()
    assert seen == ["1", "2", "3", "4"]


def test_it_passes_over_kinds_it_does_not_want(community: Community) -> None:
    seen: list[str] = []
    speak(community, 1)
    assert (reader(seen, kinds=frozenset({"left"})).advance(), seen) == (1, [])


def test_a_spoilt_fact_is_parked_with_its_error_and_the_others_go_on(community: Community) -> None:
    seen: list[str] = []
    speak(community, 1, 2, 3)
    reader(seen, spoilt="2").advance()
    assert seen == ["1", "3"]
    assert [(row.event.object_id, row.attempts) for row in parked_events("test")] == [("2", 1)]
    assert "this one is spoilt" in next(iter(parked_events("test"))).error


def test_a_parked_fact_is_handled_when_the_cause_is_mended(community: Community) -> None:
    seen: list[str] = []
    speak(community, 1)
    reader(seen, spoilt="1").advance()
    parked = next(iter(parked_events("test")))
    assert reader(seen, spoilt="1").retry(parked) is False
    assert next(iter(parked_events("test"))).attempts == 2
    assert reader(seen).retry(parked) is True
    assert (seen, list(parked_events())) == (["1"], [])


def test_it_reads_again_from_the_fact_it_is_sent_back_to(community: Community) -> None:
    seen: list[str] = []
    speak(community, 1, 2, 3)
    follower = reader(seen)
    follower.advance()
    second = Event.objects.get(object_id="2")
    follower.replay(from_id=second.pk)
    assert follower.lag().waiting == 2
    follower.advance()
    follower.replay()
    follower.advance()
    assert seen == ["1", "2", "3", "2", "3", "1", "2", "3"]


def test_effects_and_cursor_stand_or_fall_together(community: Community) -> None:
    def handle(event: Event) -> None:
        Lease.objects.create(name=f"effect {event.object_id}", holder="", until=NOON)
        if event.object_id == "2":
            raise KeyboardInterrupt

    speak(community, 1, 2)
    with pytest.raises(KeyboardInterrupt):
        EventFollower("test", handle).advance()
    assert (Lease.objects.count(), FollowerCursor.objects.count()) == (0, 0)


def test_lag_tells_how_long_the_oldest_has_waited(community: Community) -> None:
    assert lag_behind("test").waiting == 0
    speak(community, 1, 2)
    lag = lag_behind("test")
    assert lag.waiting == 2
    assert lag.oldest is not None
    assert lag.oldest < timedelta(minutes=1)


def test_an_unknown_follower_is_named_in_the_refusal() -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        follower_named("nobody")


def test_a_lease_is_held_by_one_until_it_is_given_back_or_runs_out() -> None:
    assert hold_lease("loop", holder="a")
    assert hold_lease("loop", holder="a")
    assert not hold_lease("loop", holder="b")
    release_lease("loop", holder="b")
    assert not hold_lease("loop", holder="b")
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert hold_lease("loop", holder="b")
    release_lease("loop", holder="b")
    assert hold_lease("loop", holder="c")
