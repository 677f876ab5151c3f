"""The page of followers: lag, facts set aside, reading again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from qunying.ground.audit.models import Act
from qunying.ground.events import followers as registry
from qunying.ground.events.followers import EventFollower
from qunying.ground.events.loop import LEASE
from qunying.ground.events.models import Event, FollowerCursor, Lease, ParkedEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """Handles facts, or fails while it is told to."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.broken = False

    def __call__(self, event: Event) -> None:
        if self.broken:
            raise ValueError("the scale is broken")
        self.seen.append(event.pk)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """One follower, and no other."""
    handle = Reader()
    monkeypatch.setattr(registry, "_registry", {})
    registry.register(EventFollower("scale", handle))
    return handle


@pytest.fixture
def parked(reader: Reader, xiaomei: Member) -> ParkedEvent:
    """小美's joining, which the follower could not digest."""
    reader.broken = True
    registry.follower_named("scale").advance()
    return ParkedEvent.objects.get()


def test_lag_and_parked_facts_are_shown(
    director: Staff, parked: ParkedEvent, client_for: Callable[..., Client]
) -> None:
    page = client_for(director, "en").get(reverse("followers"))
    assert [(row.name, row.lag.waiting, row.parked) for row in page.context["rows"]] == [("scale", 0, 1)]
    text = page.content.decode()
    assert ("the scale is broken" in text, "花友会" in text) == (True, True)


def test_without_a_running_loop_the_page_warns(
    director: Staff, reader: Reader, client_for: Callable[..., Client]
) -> None:
    client = client_for(director, "en")
    assert "No process moves the followers at present." in client.get(reverse("followers")).content.decode()
    Lease.objects.create(name=LEASE, holder="host:1", until=timezone.now() + timedelta(seconds=15))
    text = client.get(reverse("followers")).content.decode()
    assert "The loop that moves the followers is running (host:1)." in text
    assert "Nothing is set aside" in text


def test_trying_again_succeeds_once_the_fault_is_mended(
    director: Staff, parked: ParkedEvent, reader: Reader, client_for: Callable[..., Client]
) -> None:
    client, address = client_for(director, "en"), reverse("parked_retry", args=[parked.pk])
    page = client.post(address, follow=True).content.decode()
    assert "“scale” failed on it again" in page
    parked.refresh_from_db()
    assert parked.attempts == 2
    reader.broken = False
    assert "The fact went through." in client.post(address, follow=True).content.decode()
    assert (reader.seen, ParkedEvent.objects.count()) == ([parked.event_id], 0)
    assert [act.details["ok"] for act in Act.objects.filter(verb="followers.retry").order_by("id")] == [False, True]
    assert client.post(address).status_code == 404


def test_replay_sends_the_cursor_back(
    director: Staff, parked: ParkedEvent, reader: Reader, client_for: Callable[..., Client]
) -> None:
    client, address = client_for(director, "en"), reverse("follower_replay", args=["scale"])
    client.post(address, {"from_id": "0"})
    assert FollowerCursor.objects.get(name="scale").event_id == 0
    assert Act.objects.get(verb="followers.replay").details == {"from": 0}
    assert client.post(address, {"from_id": "x"}).status_code == 400
    assert client.post(reverse("follower_replay", args=["nobody"])).status_code == 404


def test_a_branch_sees_lags_but_neither_others_facts_nor_replay(
    outsider: Staff, parked: ParkedEvent, client_for: Callable[..., Client]
) -> None:
    client = client_for(outsider, "en")
    text = client.get(reverse("followers")).content.decode()
    assert ("the scale is broken" in text, "Replay" in text) == (False, False)
    assert client.post(reverse("parked_retry", args=[parked.pk])).status_code == 404
    assert client.post(reverse("follower_replay", args=["scale"])).status_code == 403


def test_many_facts_are_tried_again_at_once_and_only_ones_own(
    director: Staff, outsider: Staff, parked: ParkedEvent, reader: Reader, client_for: Callable[..., Client]
) -> None:
    address, chosen = reverse("parked_retry_many"), {"ids": [str(parked.pk)], "filters": "?follower=scale"}
    client_for(outsider).post(address, chosen)
    client = client_for(director, "en")
    assert "1 fact failed again" in client.post(address, chosen, follow=True).content.decode()
    reader.broken = False
    answer = client.post(address, chosen, follow=True)
    assert answer.redirect_chain == [("/followers/?follower=scale", 302)]
    assert "1 fact went through." in answer.content.decode()
    assert (reader.seen, ParkedEvent.objects.count()) == ([parked.event_id], 0)
    assert "No fact is chosen." in client.post(address, chosen, follow=True).content.decode()
